// SPDX-License-Identifier: Apache-2.0
// A disk with a volatile write cache, whose power can be cut: what was not flushed to it is gone. ext4 on a loop device on
// a file that nbdfuse shows of nbdkit's cache filter, which keeps writes in its own memory until a flush: killing it is
// the power cut. Needs root, /dev/loop*, /dev/fuse, nbdkit and nbdfuse.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, open, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { eventually } from "./wait.ts";

const call = promisify(execFile);
const MIB = 1024 * 1024;

export class PowerDisk {
  private kit: ChildProcess | undefined;
  private fuse: ChildProcess | undefined;
  private loop: string | undefined;

  private constructor(
    private readonly home: string,
    private readonly mib: number,
  ) {}

  /** Where the file system is mounted. */
  get folder(): string {
    return path.join(this.home, "mnt");
  }

  /** Throws, and leaves nothing, where such a disk cannot be had. */
  static async make(mib: number): Promise<PowerDisk> {
    const disk = new PowerDisk(await mkdtemp(path.join(tmpdir(), "parley-power-")), mib);
    const image = path.join(disk.home, "disk.img");
    try {
      const file = await open(image, "w");
      await file.truncate(mib * MIB);
      await file.close();
      await call("mkfs.ext4", ["-q", "-F", image]);
      await mkdir(disk.folder);
      await disk.on();
    } catch (error) {
      await disk.remove();
      throw error;
    }
    return disk;
  }

  /** Switches it on and mounts it; ext4 replays its journal. */
  async on(): Promise<void> {
    const socket = path.join(this.home, "nbd.sock");
    const shown = path.join(this.home, "nbd");
    await rm(socket, { force: true });
    await writeFile(shown, "");
    const cache = ["cache=writeback", `cache-max-size=${this.mib * 2}M`];
    const image = path.join(this.home, "disk.img");
    this.kit = spawn("nbdkit", ["-f", "-U", socket, "--filter=cache", "file", image, ...cache], { stdio: "ignore" });
    this.kit.on("error", () => {});
    await eventually("nbdkit listens", () => existsSync(socket), 5000);
    this.fuse = spawn("nbdfuse", [shown, `nbd+unix:///?socket=${socket}`], { stdio: "ignore" });
    this.fuse.on("error", () => {});
    await eventually("nbdfuse shows the disk", async () => (await stat(shown)).size === this.mib * MIB, 5000);
    this.loop = (await call("losetup", ["--show", "-f", shown])).stdout.trim();
    await call("mount", ["-o", "noatime", this.loop, this.folder]);
  }

  /** What its cache holds is gone at once; whoever writes gets errors. */
  async cut(): Promise<void> {
    await ended(this.kit);
    this.kit = undefined;
  }

  /** Takes away what is left of it after a cut. Nobody may use the folder any more. */
  async off(): Promise<void> {
    await call("umount", ["-l", this.folder]).catch(() => {});
    if (this.loop !== undefined) await call("losetup", ["-d", this.loop]).catch(() => {});
    this.loop = undefined;
    await ended(this.fuse);
    this.fuse = undefined;
    await call("umount", ["-l", path.join(this.home, "nbd")]).catch(() => {});
  }

  async remove(): Promise<void> {
    await this.off();
    await this.cut();
    await rm(this.home, { recursive: true, force: true });
  }
}

async function ended(child: ChildProcess | undefined): Promise<void> {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}
