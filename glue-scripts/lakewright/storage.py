"""Files by Hadoop's FileSystem, so that the same code lists a local folder and `s3://`."""

from __future__ import annotations

import re
from typing import Any

from pyspark.sql import SparkSession

_GLOB, _ESCAPED = re.compile(r"([\[\]{}*?\\])"), r"\\\1"


class Storage:
    """The file systems that the Spark session is configured for. Thread safe.

    Keeps the Java classes that it uses: naming one anew makes the JVM look through every jar.
    """

    def __init__(self, spark: SparkSession) -> None:
        jvm: Any = spark.sparkContext._jvm
        self.configuration: Any = spark.sparkContext._jsc.hadoopConfiguration()
        self.path: Any = jvm.org.apache.hadoop.fs.Path
        """Hadoop's Path of a location."""
        self._spark_files: Any = jvm.org.apache.spark.deploy.SparkHadoopUtil.get()
        self._reading: Any = jvm.org.apache.commons.io.IOUtils
        self._lines: Any = jvm.org.apache.commons.io.LineIterator
        self._decoder: Any = jvm.java.io.InputStreamReader

    def list(self, folder: str) -> list[str]:
        """Names of files and folders in the folder, sorted; none where there is no such folder.

        One answer from the JVM however many there are: a call for each would take seconds.
        """
        pattern = self.path(f"{_GLOB.sub(_ESCAPED, folder)}/*")
        paths = str(self._spark_files.globPath(pattern).mkString("\n"))
        return sorted(line.rsplit("/", 1)[-1] for line in paths.splitlines())

    def exists(self, location: str) -> bool:
        path = self.path(location)
        return bool(path.getFileSystem(self.configuration).exists(path))

    def delete(self, location: str) -> None:
        """Removes the file or folder with all in it; nothing where there is none."""
        path = self.path(location)
        path.getFileSystem(self.configuration).delete(path, True)

    def read_text(self, location: str) -> str:
        """The file's content as UTF-8."""
        path = self.path(location)
        stream = path.getFileSystem(self.configuration).open(path)
        try:
            return str(self._reading.toString(stream, "UTF-8"))
        finally:
            stream.close()

    def read_first_line(self, location: str) -> str:
        """The file's first line as UTF-8, without reading the rest."""
        path = self.path(location)
        stream = path.getFileSystem(self.configuration).open(path)
        try:
            return str(self._lines(self._decoder(stream, "UTF-8")).nextLine())
        finally:
            stream.close()
