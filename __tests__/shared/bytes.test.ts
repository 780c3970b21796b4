import { readableBytes } from "../../shared/bytes";

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [32_227, "32 kB"],
  [440_864, "441 kB"],
  [1_322_637, "1.3 MB"],
  [821_045_832, "821 MB"],
  [2.6e9, "2.6 GB"],
  [25_000_000_000, "25 GB"],
])("%d bytes read as %s", (bytes, text) => {
  expect(readableBytes(bytes)).toBe(text);
});
