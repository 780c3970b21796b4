export { copyQualityJars, ensureJars, qualityJarNames } from "./jars";
export { ensureJava, type JavaVersion } from "./java";
export { consoleProgress, type Progress } from "./progress";
export { ensurePython, ensureTestPython, type PythonEnvironment } from "./python";
export { ensureTrino } from "./trino";
