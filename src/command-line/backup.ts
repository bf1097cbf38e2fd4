// command-line: `npx keyhearth`, the message format without a browser. This file: backups of a vault, proven, listed and
// taken apart, by the recovery key, by shares of it, or by the passphrase for backups.

import { access, mkdir, open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BackupContents } from '../cluster/backupContents.ts'
import {
  type BackupCheck,
  BackupReader,
  type BackupVault,
  openerBy,
} from '../cluster/backupReading.ts'
import { BackupFormatError } from '../codec/backupFormat.ts'
import { decrypt, kmsKeyring } from '../encryption-sdk/index.ts'
import { type Kept, readKept } from '../hsm/exporting.ts'
import { decryptingWith } from './exportedKeys.ts'
import { contentOf, inputOf } from './input.ts'
import { CommandError } from './words.ts'

export interface BackupRequest {
  readonly command: 'backup'
  readonly action: 'verify' | 'list' | 'extract'
  readonly input: string | null
  /** A folder, for `extract`. */
  readonly output: string | null | undefined
  readonly recoveryKeyFile: string | undefined
  readonly passphraseFile: string | undefined
  readonly json: boolean
}

/** @throws CommandError */
async function keptOf({ recoveryKeyFile, passphraseFile }: BackupRequest): Promise<Kept> {
  const text = async (path: string) => new TextDecoder().decode(await contentOf(path))
  if (recoveryKeyFile !== undefined) return readKept(await text(recoveryKeyFile))
  if (passphraseFile === undefined) {
    throw new CommandError(
      'A backup opens with --recovery-key-file FILE or --passphrase-file FILE.',
    )
  }
  const [line = ''] = (await text(passphraseFile)).split(/\r?\n/)
  return { passphrase: line }
}

/** @returns what is to be printed, and whether the backup is whole */
export async function backup(
  request: BackupRequest,
): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  const contents = new BackupContents(request.action === 'extract')
  const reader = new BackupReader(openerBy(await keptOf(request)), async (row, plaintext) =>
    contents.take(row, plaintext),
  )
  const check = await readAll(reader, request.input)
  contents.openWith(check.vault)
  const isWhole = check.damaged.length === 0 && check.trailIntact
  const text = await textOf(request, check, contents, isWhole)
  return { text, isWhole }
}

async function readAll(
  reader: BackupReader,
  input: string | null,
): Promise<BackupCheck & BackupVault> {
  try {
    for await (const piece of await inputOf(input)) await reader.push(piece)
    return await reader.end()
  } catch (error) {
    if (error instanceof BackupFormatError) {
      throw new CommandError('This is no backup of Keyhearth, or it was changed.')
    }
    throw error
  }
}

async function textOf(
  request: BackupRequest,
  check: BackupCheck,
  contents: BackupContents,
  isWhole: boolean,
): Promise<string> {
  if (request.action === 'extract') return extract(request, check, contents)
  const summary = {
    vaultId: check.start.vaultId,
    createdAt: new Date(check.start.createdAt).toISOString(),
    isWhole,
    damaged: check.damaged,
    trailIntact: check.trailIntact,
    events: check.events,
    records: check.counts,
    ...(request.action === 'list' ? namesIn(contents) : {}),
  }
  return request.json ? `${JSON.stringify(summary, null, 2)}\n` : lines(summary)
}

const namesIn = (contents: BackupContents) => ({
  secrets: contents.secretRecords.map(({ name, facts }) => facts.title || name).sort(),
  keys: contents.keyRecords
    .map(({ keyId, description }) => `${keyId} ${description}`.trim())
    .sort(),
})

function lines(summary: {
  readonly vaultId: string
  readonly createdAt: string
  readonly isWhole: boolean
  readonly damaged: readonly string[]
  readonly trailIntact: boolean
  readonly events: number
  readonly records: Readonly<Record<string, number>>
  readonly secrets?: readonly string[]
  readonly keys?: readonly string[]
}): string {
  const { vaultId, createdAt, isWhole, damaged, trailIntact, events, records } = summary
  return [
    `vault     ${vaultId}`,
    `made      ${createdAt}`,
    `records   ${Object.values(records).reduce((sum, count) => sum + count, 0)}`,
    `events    ${events}, ${trailIntact ? 'none changed or missing' : 'CHANGED OR INCOMPLETE'}`,
    ...(isWhole ? ['whole     yes'] : [`whole     NO: ${damaged.length} records are damaged`]),
    ...damaged.map((name) => `damaged   ${name}`),
    ...(summary.secrets ?? []).map((name) => `secret    ${name}`),
    ...(summary.keys ?? []).map((name) => `key       ${name}`),
    '',
  ].join('\n')
}

/** For its owner alone, and never in the place of what is there. */
const own = { mode: 0o600, flag: 'wx' } as const

/** Into a folder of its own: everything in the clear, so it must be a new one, and only the owner's. */
async function extract(
  { output }: BackupRequest,
  { start, damaged }: BackupCheck,
  contents: BackupContents,
): Promise<string> {
  if (typeof output !== 'string') throw new CommandError('Where to? Say -o FOLDER.')
  const exists = await access(output).then(
    () => true,
    () => false,
  )
  if (exists) throw new CommandError(`${output} is there already.`)
  const keys = await contents.keys()
  const secrets = await contents.secrets()
  await mkdir(join(output, 'files'), { recursive: true, mode: 0o700 })
  const events = await writeTrail(join(output, 'trail.jsonl'), contents)
  const left = { ...contents.left, ...(damaged.length > 0 ? { damaged: damaged.length } : {}) }
  const { settings } = start
  const all = { secrets, keys, ...contents.others, settings, leftOut: left }
  await writeFile(join(output, 'vault.json'), `${JSON.stringify(all, asText, 2)}\n`, own)
  const client = { generateDataKey: cannot, encrypt: cannot, decrypt: decryptingWith(keys) }
  const keyring = kmsKeyring({ client, discovery: true })
  const files = contents.files()
  for (const { id, message } of files) {
    const { plaintext } = await decrypt(keyring, message)
    await writeFile(join(output, 'files', id), plaintext, own)
  }
  const out = `${secrets.length} secrets, ${keys.length} keys, ${files.length} files and ${events} events`
  const leftWords = Object.entries(left).map(([what, count]) => `left out   ${what}: ${count}\n`)
  return `${out} are in ${output}, in the clear.\n${leftWords.join('')}`
}

/** A line each. @returns how many there are */
async function writeTrail(path: string, contents: BackupContents): Promise<number> {
  const file = await open(path, 'wx', own.mode)
  try {
    let events = 0
    for await (const event of contents.events()) {
      await file.write(`${JSON.stringify(event)}\n`)
      events++
    }
    return events
  } finally {
    await file.close()
  }
}

const cannot = async (): Promise<never> => {
  throw new CommandError('A backup is read only.')
}

const asText = (_name: string, member: unknown): unknown =>
  member instanceof Uint8Array ? Buffer.from(member).toString('base64') : member
