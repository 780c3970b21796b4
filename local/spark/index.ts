export { SparkApplication, type StartOptions } from "./application";
