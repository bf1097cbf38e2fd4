// Tools of others for tests of certificates and documents: a folder of its own, and programs with their verdict.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, test } from 'vitest'

/** Whether the program is here; where it is not, a skipped test says so. */
export function hasTool(tool: string): boolean {
  const isHere = spawnSync(tool, ['version'], { timeout: 10_000, input: '' }).error === undefined
  if (!isHere) test.skip(`${tool} is not installed on this machine`, () => {})
  return isHere
}

export function run(tool: string, args: readonly string[], input?: string | Uint8Array) {
  const { stdout, stderr, status } = spawnSync(tool, args, { encoding: 'utf8', input })
  return { text: `${stdout}${stderr}`, status }
}

/** A folder that goes when the tests of the file are over. */
export function testFolder(name: string) {
  const folder = mkdtempSync(join(tmpdir(), `keyhearth-${name}-`))
  afterAll(() => rmSync(folder, { recursive: true }))
  const path = (file: string) => join(folder, file)
  return {
    path,
    write(file: string, content: string | Uint8Array): string {
      writeFileSync(path(file), content)
      return path(file)
    },
    read: (file: string): string => readFileSync(path(file), 'utf8'),
    bytes: (file: string) => new Uint8Array(readFileSync(path(file))),
  }
}
