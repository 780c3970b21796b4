import {
  folderArn,
  folderKeys,
  folderOf,
  listStatements,
  objectsIn,
  s3Address,
} from "../../../model/aws/bucket-folders";
import { foldersOf } from "../../../model/zones";

test("a content is in its bucket, dropped files in that of bronze", () => {
  const buckets = { bronze: "B", silver: "S", gold: "G", ops: "O" };
  const folders = foldersOf({ silver: "curated/{format}" }, "per-content");
  expect(folderOf("silver", buckets, folders)).toEqual({ bucket: "S", folder: "curated" });
  expect(folderOf("files", buckets, folders)).toEqual({ bucket: "B", folder: "files" });
});

test("addresses and ARNs of a folder end without a slash, those of a root are the bucket's", () => {
  expect([s3Address("b", "a/b"), s3Address("b", "")]).toEqual(["s3://b/a/b", "s3://b"]);
  expect(folderArn({ bucket: "B", folder: "a" })).toBe("B/a");
  expect(folderArn({ bucket: "B", folder: "" })).toBe("B");
});

test("a folder that lies in another, or stands twice, is named once", () => {
  const places = [
    { bucket: "B", folder: "" },
    { bucket: "B", folder: "files" },
    { bucket: "D", folder: "raw" },
    { bucket: "D", folder: "raw" },
    // Not in "raw".
    { bucket: "D", folder: "rawest" },
  ];
  expect(objectsIn(places)).toEqual(["B/*", "D/raw/*", "D/rawest/*"]);
});

test("whole buckets are listed with the other actions, folders by their prefix", () => {
  const places = [
    { bucket: "C", folder: "" },
    { bucket: "D", folder: "raw/csv" },
    { bucket: "E", folder: "gold" },
  ];
  const folder = (Sid: string, Resource: string, prefixes: string[]) => ({
    Sid,
    Effect: "Allow",
    Action: "s3:ListBucket",
    Resource,
    Condition: { StringLike: { "s3:prefix": prefixes } },
  });
  const actions = ["s3:ListBucket", "s3:GetBucketLocation"];
  expect(listStatements("List", actions, places)).toEqual([
    { Sid: "List", Effect: "Allow", Action: actions, Resource: "C" },
    {
      Sid: "ListShared",
      Effect: "Allow",
      Action: "s3:GetBucketLocation",
      Resource: ["D", "E"],
    },
    folder("ListFolders", "D", ["raw/csv", "raw/csv/*"]),
    folder("ListFolders2", "E", ["gold", "gold/*"]),
  ]);
  expect(listStatements("List", ["s3:ListBucket"], places.slice(1, 2), { above: true })).toEqual([
    folder("ListFolders", "D", ["raw", "raw/", "raw/csv", "raw/csv/*"]),
  ]);
});

test("of a folder and those above it, the objects with their names and marks are asked for", () => {
  expect(folderKeys([{ bucket: "D", folder: "raw/csv" }])).toEqual([
    "D/raw",
    "D/raw_$folder$",
    "D/raw/csv",
    "D/raw/csv_$folder$",
  ]);
  expect(folderKeys([{ bucket: "D", folder: "" }])).toEqual([]);
});
