"""Files by Hadoop's FileSystem, so that the same code lists a local folder and `s3://`."""

from __future__ import annotations

from typing import Any

from py4j.java_gateway import is_instance_of
from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

_PIECE = 4000
"""Characters taken from the JVM at once: an answer longer than Py4J's buffer of 8192 goes out in
two packets, and the second waits 40 ms for the acknowledgement of the first."""


class Storage:
    """The file systems that the Spark session is configured for. Thread safe.

    Keeps the Java classes that it uses: naming one anew makes the JVM look through every jar.
    """

    def __init__(self, spark: SparkSession) -> None:
        jvm: Any = spark.sparkContext._jvm
        self._gateway: Any = spark.sparkContext._gateway
        self.configuration: Any = spark.sparkContext._jsc.hadoopConfiguration()
        self.path: Any = jvm.org.apache.hadoop.fs.Path
        """Hadoop's Path of a location."""
        self._files: Any = jvm.org.apache.hadoop.fs.FileUtil
        self._array: Any = jvm.scala.collection.mutable.WrappedArray
        self._builder: Any = jvm.scala.collection.mutable.StringBuilder
        self._reading: Any = jvm.org.apache.commons.io.IOUtils
        self._writer: Any = jvm.org.apache.commons.io.output.StringBuilderWriter
        self._lines: Any = jvm.org.apache.commons.io.LineIterator
        self._decoder: Any = jvm.java.io.InputStreamReader
        self._codecs: Any = jvm.org.apache.hadoop.io.compress.CompressionCodecFactory(
            self.configuration
        )
        self._absent: Any = jvm.java.io.FileNotFoundException

    def list(self, folder: str) -> list[str]:
        """Names of files and folders in the folder, sorted; none where there is no such folder.

        One text from the JVM however many there are: a call for each would take seconds.
        """
        path = self.path(folder)
        try:
            statuses = path.getFileSystem(self.configuration).listStatus(path)
        except Py4JJavaError as error:
            if is_instance_of(self._gateway, error.java_exception, self._absent):
                return []
            raise
        paths = self._array.make(self._files.stat2Paths(statuses))
        text = _text(paths.addString(self._builder(), "\n"))
        return sorted(line.rsplit("/", 1)[-1] for line in text.splitlines())

    def exists(self, location: str) -> bool:
        path = self.path(location)
        return bool(path.getFileSystem(self.configuration).exists(path))

    def usage(self, location: str) -> tuple[int, int]:
        """Files below the folder, and their bytes; none where there is no such folder."""
        path = self.path(location)
        files = path.getFileSystem(self.configuration)
        if not files.exists(path):
            return 0, 0
        summary = files.getContentSummary(path)
        return int(summary.getFileCount()), int(summary.getLength())

    def delete(self, location: str) -> None:
        """Removes the file or folder with all in it; nothing where there is none."""
        path = self.path(location)
        path.getFileSystem(self.configuration).delete(path, True)

    def read_text(self, location: str) -> str:
        """The file's content as UTF-8."""
        path = self.path(location)
        stream = path.getFileSystem(self.configuration).open(path)
        try:
            writer = self._writer()
            self._reading.copy(stream, writer, "UTF-8")
            return _text(writer.getBuilder())
        finally:
            stream.close()

    def write_text(self, location: str, text: str) -> None:
        """Writes the file anew, as UTF-8."""
        path = self.path(location)
        stream = path.getFileSystem(self.configuration).create(path, True)
        try:
            stream.write(text.encode())
        finally:
            stream.close()

    def read_first_line(self, location: str) -> str:
        """The file's first line as UTF-8, without reading the rest; empty where the file is.

        A file compressed in a form that its name tells is unpacked.
        """
        path = self.path(location)
        stream = path.getFileSystem(self.configuration).open(path)
        try:
            codec = self._codecs.getCodec(path)
            content = stream if codec is None else codec.createInputStream(stream)
            lines = self._lines(self._decoder(content, "UTF-8"))
            return str(lines.nextLine()) if lines.hasNext() else ""
        finally:
            stream.close()


def _text(builder: Any) -> str:
    """What a string builder of the JVM holds."""
    pieces, start, length = [], 0, builder.length()
    while start < length:
        end = min(start + _PIECE, length)
        piece = builder.substring(start, end)
        if end < length and piece.endswith("?"):
            # Half of a surrogate pair comes as a question mark: leave it to the next piece.
            piece, end = piece[:-1], end - 1
        pieces.append(piece)
        start = end
    return "".join(pieces)
