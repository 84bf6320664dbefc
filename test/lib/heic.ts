// SPDX-License-Identifier: Apache-2.0
// A HEIC picture as telephones make them: one HEVC frame of ffmpeg in the boxes of a HEIF file (ISO/IEC 23008-12).
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";

const call = promisify(execFile);

const u16 = (n: number) => Buffer.from([n >> 8, n & 255]);
const u32 = (n: number) => Buffer.from([n >>> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255]);

function box(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, "latin1"), body]);
}

const full = (type: string, version: number, ...parts: Buffer[]) =>
  box(type, Buffer.from([version, 0, 0, 0]), ...parts);

/** The content of the first box of that name, wherever it is. */
function inside(film: Buffer, type: string): Buffer {
  const at = film.indexOf(type, 0, "latin1");
  if (at < 4) throw new Error(`no ${type}`);
  return film.subarray(at + 4, at - 4 + film.readUInt32BE(at - 4));
}

const READ = `
import ctypes, ctypes.util, sys
vips = ctypes.CDLL(ctypes.util.find_library("vips"))
vips.vips_image_new_from_file.restype = vips.vips_image_write_to_memory.restype = ctypes.c_void_p
vips.vips_image_write_to_memory.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_size_t)]
vips.vips_init(b"test")
image = vips.vips_image_new_from_file(sys.argv[1].encode(), None)
print("read" if image and vips.vips_image_write_to_memory(image, ctypes.byref(ctypes.c_size_t())) else "refused")
`;

/** Whether the system's libvips reads that file, asked without the server: libheif may come without its HEVC decoder. */
export async function systemReads(file: string): Promise<boolean> {
  return (await call("python3", ["-c", READ, file])).stdout.trim() === "read";
}

/** Writes one to `file`; `planted` stands in it as Exif does. */
export async function makeHeic(file: string, width: number, height: number, planted: string): Promise<void> {
  const film = `${file}.mp4`;
  const source = ["-f", "lavfi", "-i", `testsrc2=size=${width}x${height}:rate=1:duration=1`, "-frames:v", "1"];
  const code = ["-c:v", "libx265", "-pix_fmt", "yuv420p", "-tag:v", "hvc1", "-x265-params", "log-level=none"];
  await call("ffmpeg", ["-v", "error", "-y", ...source, ...code, film]);
  const bytes = await readFile(film);
  const frame = inside(bytes, "mdat");
  const exif = Buffer.concat([
    u32(6),
    Buffer.from("Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0", "latin1"),
    Buffer.from(planted),
  ]);
  const ftyp = box("ftyp", Buffer.from("heic\0\0\0\0mif1heic", "latin1"));
  const meta = (at: number) => {
    const item = (id: number, type: string) => full("infe", 2, u16(id), u16(0), Buffer.from(`${type}\0`, "latin1"));
    const where = (id: number, from: number, n: number) => Buffer.concat([u16(id), u16(0), u16(1), u32(from), u32(n)]);
    return full(
      "meta",
      0,
      full("hdlr", 0, u32(0), Buffer.from("pict", "latin1"), Buffer.alloc(12), Buffer.from([0])),
      full("pitm", 0, u16(1)),
      full(
        "iloc",
        0,
        Buffer.from([0x44, 0]),
        u16(2),
        where(1, at, frame.length),
        where(2, at + frame.length, exif.length),
      ),
      full("iinf", 0, u16(2), item(1, "hvc1"), item(2, "Exif")),
      full("iref", 0, box("cdsc", u16(2), u16(1), u16(1))),
      box(
        "iprp",
        box("ipco", box("hvcC", inside(bytes, "hvcC")), full("ispe", 0, u32(width), u32(height))),
        full("ipma", 0, u32(1), u16(1), Buffer.from([2, 0x81, 2])),
      ),
    );
  };
  const at = ftyp.length + meta(0).length + 8;
  await writeFile(file, Buffer.concat([ftyp, meta(at), box("mdat", frame, exif)]));
}
