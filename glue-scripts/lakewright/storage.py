"""Files by Hadoop's FileSystem, so that the same code lists a local folder and `s3://`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from py4j.java_gateway import is_instance_of
from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from lakewright.errors import first_line

_PIECE = 4000
"""Characters taken from the JVM at once: an answer longer than Py4J's buffer of 8192 goes out in
two packets, and the second waits 40 ms for the acknowledgement of the first."""
_NO_NAME = "\0"
"""Between names, none of which has it."""
_ALL = 2**31 - 1


@dataclass(frozen=True)
class StoredFile:
    """One file of a folder."""

    name: str
    modified: int
    """When its content was last changed, milliseconds since 1970 (UTC)."""
    bytes: int


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
        self._bounded: Any = jvm.org.apache.commons.io.input.BoundedReader
        self._nowhere: Any = jvm.org.apache.commons.io.output.NullOutputStream
        self._converters: Any = jvm.scala.collection.JavaConverters
        self._collectors: Any = jvm.java.util.stream.Collectors
        self._decoder: Any = jvm.java.io.InputStreamReader
        self._codecs: Any = jvm.org.apache.hadoop.io.compress.CompressionCodecFactory(
            self.configuration
        )
        self._absent: Any = jvm.java.io.FileNotFoundException

    def list(self, folder: str) -> Sequence[str]:
        """Names of files and folders in the folder, sorted; none where there is no such folder.

        One text from the JVM however many there are: a call for each would take seconds.
        """
        statuses = self._statuses(folder)
        return sorted(self._names(statuses)) if statuses else []

    def files(self, folder: str) -> Sequence[StoredFile]:
        """Files in the folder, not those in its folders, by name; none where there is no such
        folder. One listing, and few texts from the JVM, as for `list`."""
        statuses = self._statuses(folder)
        if not statuses:
            return []
        are_files, modified, sizes = (self._values(statuses, name) for name in self._getters)
        found = zip(self._names(statuses), are_files, modified, sizes, strict=True)
        files = [StoredFile(n, int(at), int(size)) for n, file, at, size in found if file == "true"]
        return sorted(files, key=lambda file: file.name)

    @cached_property
    def _getters(self) -> dict[str, Any]:
        """Methods of Hadoop's FileStatus as Java functions, which a Java stream applies to many."""
        lang = self._gateway.jvm.java.lang
        status = lang.Class.forName("org.apache.hadoop.fs.FileStatus")
        function = lang.Class.forName("java.util.function.Function")
        lookup = lang.invoke.MethodHandles.publicLookup()
        nothing = self._gateway.new_array(lang.Class, 0)
        return {
            name: lang.invoke.MethodHandleProxies.asInterfaceInstance(
                function, lookup.unreflect(status.getMethod(name, nothing))
            )
            for name in ("isFile", "getModificationTime", "getLen")
        }

    def _statuses(self, folder: str) -> Any:
        """What Hadoop's FileSystem lists; None where there is no such folder."""
        path = self.path(folder)
        try:
            return path.getFileSystem(self.configuration).listStatus(path)
        except Py4JJavaError as error:
            if is_instance_of(self._gateway, error.java_exception, self._absent):
                return None
            raise

    def _names(self, statuses: Any) -> Sequence[str]:
        paths = self._array.make(self._files.stat2Paths(statuses))
        text = _text(paths.addString(self._builder(), _NO_NAME))
        return [path.rsplit("/", 1)[-1] for path in text.split(_NO_NAME)]

    def _values(self, statuses: Any, getter: str) -> Sequence[str]:
        """What the getter gives of each, as text without commas."""
        values = self._converters.seqAsJavaList(self._array.make(statuses)).stream()
        found = values.map(self._getters[getter]).collect(self._collectors.toList())
        text = self._builder()
        text.append(found.toString())
        return _text(text)[1:-1].split(", ")

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

    def read_first_line(self, location: str, at_most: int = _ALL) -> str:
        """The file's first line as UTF-8, or so many characters of it, without reading the rest;
        empty where the file is.

        A file compressed in a form that its name tells is unpacked.
        """
        path = self.path(location)
        stream = path.getFileSystem(self.configuration).open(path)
        try:
            codec = self._codecs.getCodec(path)
            content = stream if codec is None else codec.createInputStream(stream)
            lines = self._lines(self._bounded(self._decoder(content, "UTF-8"), at_most))
            return str(lines.nextLine()) if lines.hasNext() else ""
        finally:
            stream.close()

    def why_broken(self, location: str) -> str | None:
        """Why a compressed file cannot be unpacked to its end; None where it can, and for a file
        that is not compressed.

        Unpacks all of it, in the driver.
        """
        codec = self._codecs.getCodec(self.path(location))
        if codec is None:
            return None
        try:
            self._drain(location, codec)
        except Py4JJavaError as error:
            # What is broken can be read as it is; else the storage is at fault, not the file.
            self._drain(location, None)
            return first_line(error)
        return None

    def _drain(self, location: str, codec: Any) -> None:
        """Reads the file to its end, through the codec where one is given."""
        path = self.path(location)
        stream = path.getFileSystem(self.configuration).open(path)
        try:
            content = stream if codec is None else codec.createInputStream(stream)
            self._reading.copyLarge(content, self._nowhere())
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
