// command-line: `npx keyhearth`, the message format without a browser. This file: where the result goes. A
// file is written under another name and takes its place when it is whole, so that nothing cut or unproven
// ever stands under the name that was asked for.

import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { unlinkSync } from 'node:fs'
import { access, link, open, rename, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CommandError } from './words.ts'

export interface Output {
  write(bytes: Uint8Array): Promise<void>
  /** All of it is there, and proven. */
  finish(): Promise<void>
  abandon(): Promise<void>
}

export function standardOutput(): Output {
  const { stdout } = process
  return {
    async write(bytes) {
      if (!stdout.write(bytes)) await once(stdout, 'drain')
    },
    finish: async () => {},
    abandon: async () => {},
  }
}

/** Only its owner may read what is written. @throws CommandError where there is such a file already */
export async function fileOutput(path: string, force: boolean): Promise<Output> {
  if (!force && (await exists(path))) throw taken(path)
  const temporary = join(dirname(path), `.keyhearth-${randomUUID()}`)
  const file = await open(temporary, 'wx', 0o600).catch(() => {
    throw new CommandError(`${path} cannot be written there.`)
  })
  const stopListening = removeOnSignal(temporary)
  return {
    async write(bytes) {
      for (let at = 0; at < bytes.byteLength; ) {
        at += (await file.write(bytes, at)).bytesWritten
      }
    },
    async finish() {
      await file.sync()
      await file.close()
      await (force ? rename(temporary, path) : moveToNew(temporary, path))
      stopListening()
    },
    async abandon() {
      await file.close()
      await unlink(temporary)
      stopListening()
    },
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

const taken = (path: string) => new CommandError(`${path} is there already. Say --force or -o.`)

/** A link, unlike a renaming, never takes the place of a file that came in the meantime. */
async function moveToNew(temporary: string, path: string): Promise<void> {
  await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw taken(path)
    return rename(temporary, path)
  })
  await unlink(temporary).catch(() => {})
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const signalExit = 130

function removeOnSignal(temporary: string): () => void {
  const end = () => {
    unlinkSync(temporary)
    process.exit(signalExit)
  }
  for (const signal of signals) process.once(signal, end)
  return () => {
    for (const signal of signals) process.off(signal, end)
  }
}
