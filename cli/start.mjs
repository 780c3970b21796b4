// Lets Node read TypeScript, then starts the command line; found from any working directory.
import "tsx";

await import("./main.ts");
