// SPDX-License-Identifier: Apache-2.0
// A database of its own for each server under test, in the cluster that PARLEY_TEST_DB names.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const call = promisify(execFile);
let made = 0;

export async function query(url: string, sql: string): Promise<string> {
  const { stdout } = await call("psql", [url, "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql]);
  return stdout.trim();
}

/** Gives the URL of a new, empty database. */
export async function createDatabase(cluster: string): Promise<string> {
  const name = `parley_test_${process.pid}_${++made}`;
  await query(cluster, `CREATE DATABASE ${name}`);
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return url.href;
}

export async function dropDatabase(cluster: string, url: string): Promise<void> {
  await query(cluster, `DROP DATABASE IF EXISTS ${new URL(url).pathname.slice(1)} WITH (FORCE)`);
}
