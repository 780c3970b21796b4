// Lets Node read TypeScript, then becomes the guardian of the service named on the command line.
import "tsx";

await import("./guardian.ts");
