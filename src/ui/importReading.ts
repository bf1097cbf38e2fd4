// ui: what the person sees; speaks the protocol like any other client. This file: what a file holds, and what it wants
// to be opened. Files of other programs are read by interchange; a message under a passphrase is Keyhearth's own
// export.

import type { Imported } from '../interchange/format.ts'
import { type RefusalCode, RefusedExport } from '../interchange/refusal.ts'
import { argon2 } from './argon2.ts'
import { existingDuplicates } from './importDuplicates.ts'
import { type Plan, planOf, sendable } from './importPlan.ts'
import { isOwnExport, openOwnExport } from './ownExport.ts'

export interface GivenSecrets {
  readonly password?: string
  readonly keyFile?: File
}

/** `database`: a password, a key file, or both. */
export type Wanting = 'password' | 'database'

type Read =
  | { readonly plan: Plan }
  | { readonly wants: Wanting; readonly error: RefusedExport | null }

/** A file that is refused so may open with something else, or more. */
const askable: ReadonlySet<RefusalCode> = new Set([
  'needs-password',
  'wrong-password',
  'wrong-password-or-needs-key-file',
  'wrong-password-or-key-file',
  'bad-key-file',
])

/** Its signature (KDBX). */
const keePass = [0x03, 0xd9, 0xa2, 0x9a]

async function isKeePass(file: File): Promise<boolean> {
  const start = new Uint8Array(await file.slice(0, keePass.length).arrayBuffer())
  return keePass.every((byte, at) => start[at] === byte)
}

/** Lets the page draw what it is about to do: reading a large file takes a while in which it draws nothing. */
const drawn = () => new Promise((resolve) => setTimeout(resolve, 50))

/** @throws RefusedExport where the file cannot be brought over */
export async function readImport(file: File, given: GivenSecrets): Promise<Read> {
  await drawn()
  try {
    const imported = await readBytes(file, given)
    const items = imported.items.map((one) => sendable(one).sent)
    return { plan: planOf(file.name, imported, await existingDuplicates(items)) }
  } catch (error) {
    if (!(error instanceof RefusedExport) || !askable.has(error.code)) throw error
    const isFirst = given.password === undefined && given.keyFile === undefined
    return {
      wants: (await isKeePass(file)) ? 'database' : 'password',
      error: isFirst ? null : error,
    }
  }
}

async function readBytes(file: File, { password, keyFile }: GivenSecrets): Promise<Imported> {
  const { readExport } = await import('../interchange/readExport.ts')
  const bytes = new Uint8Array(await file.arrayBuffer())
  if (isOwnExport(bytes)) {
    const content = await openOwnExport(bytes, password)
    return readExport({ name: 'keyhearth.json', bytes: content })
  }
  return readExport(
    { name: file.name, bytes },
    {
      argon2,
      ...(password === undefined ? {} : { password }),
      ...(keyFile ? { keyFile: new Uint8Array(await keyFile.arrayBuffer()) } : {}),
    },
  )
}
