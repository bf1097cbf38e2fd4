// command-line: `npx keyhearth`, the message format without a browser. This file: what was asked for.

import { parseArgs } from 'node:util'
import { type SuiteId, suites } from '../encryption-sdk/index.ts'
import type { BackupRequest } from './backup.ts'
import { CommandError } from './words.ts'

const commands = ['encrypt', 'decrypt', 'inspect'] as const
type Command = (typeof commands)[number]

export interface Request {
  readonly command: Command
  /** `null` for standard input. */
  readonly input: string | null
  /** `undefined`: by the name of the input. `null`: standard output. */
  readonly output: string | null | undefined
  readonly force: boolean
  readonly json: boolean
  readonly armour: boolean
  readonly allowNoCommitment: boolean
  readonly rawKeyFile: string | undefined
  /** Keys that Keyhearth exported, and the 24 words that open them. */
  readonly keysFile: string | undefined
  readonly recoveryKeyFile: string | undefined
  readonly passphraseFile: string | undefined
  readonly keyNamespace: string
  readonly keyName: string
  readonly context: Readonly<Record<string, string>>
  readonly suiteId: SuiteId | undefined
  readonly frameLength: number | undefined
}

const options = {
  'raw-key-file': { type: 'string' },
  keys: { type: 'string' },
  'recovery-key-file': { type: 'string' },
  'passphrase-file': { type: 'string' },
  'key-namespace': { type: 'string', default: 'keyhearth' },
  'key-name': { type: 'string', default: 'raw' },
  context: { type: 'string', multiple: true, default: [] as string[] },
  suite: { type: 'string' },
  'frame-length': { type: 'string' },
  armour: { type: 'boolean', default: false },
  'allow-no-commitment': { type: 'boolean', default: false },
  output: { type: 'string', short: 'o' },
  force: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  version: { type: 'boolean', default: false },
} as const

function read(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new CommandError(error instanceof Error ? error.message : 'These options are unknown.')
  }
}

/** @throws CommandError */
export function readRequest(argv: readonly string[]): Request | BackupRequest | 'help' | 'version' {
  const { values, positionals } = read(argv)
  if (values.help || argv.length === 0) return 'help'
  if (values.version) return 'version'
  if (positionals[0] === 'backup') return backupRequest(values, positionals.slice(1))
  const [command, input = '-', ...more] = positionals
  if (!isCommand(command)) throw new CommandError(`Say ${commands.join(', ')}, or --help.`)
  if (more.length > 0) throw new CommandError('One file at a time.')
  return {
    command,
    input: input === '-' ? null : input,
    output: values.output === '-' ? null : values.output,
    force: values.force,
    json: values.json,
    armour: values.armour,
    allowNoCommitment: values['allow-no-commitment'],
    rawKeyFile: values['raw-key-file'],
    keysFile: values.keys,
    recoveryKeyFile: values['recovery-key-file'],
    passphraseFile: values['passphrase-file'],
    keyNamespace: values['key-namespace'],
    keyName: values['key-name'],
    context: readContext(values.context),
    suiteId: values.suite === undefined ? undefined : readSuite(values.suite),
    frameLength: readLength(values['frame-length']),
  }
}

const backupActions = ['verify', 'list', 'extract'] as const

function backupRequest(
  values: ReturnType<typeof read>['values'],
  [action, input = '-', ...more]: readonly string[],
): BackupRequest {
  const known = backupActions.find((one) => one === action)
  if (!known) throw new CommandError(`Say backup ${backupActions.join(', backup ')}.`)
  if (more.length > 0) throw new CommandError('One file at a time.')
  return {
    command: 'backup',
    action: known,
    input: input === '-' ? null : input,
    output: values.output === '-' ? null : values.output,
    recoveryKeyFile: values['recovery-key-file'],
    passphraseFile: values['passphrase-file'],
    json: values.json,
  }
}

const isCommand = (name: string | undefined): name is Command =>
  commands.some((command) => command === name)

function readContext(pairs: readonly string[]): Readonly<Record<string, string>> {
  const entries = pairs.map((pair) => {
    const at = pair.indexOf('=')
    if (at < 1) throw new CommandError(`--context is KEY=VALUE, not ${pair}.`)
    return [pair.slice(0, at), pair.slice(at + 1)] as const
  })
  if (new Set(entries.map(([key]) => key)).size < entries.length) {
    throw new CommandError('--context has a key twice.')
  }
  return Object.fromEntries(entries)
}

function readSuite(text: string): SuiteId {
  const id = /^(0x)?[0-9a-f]{4}$/i.test(text) ? Number.parseInt(text.slice(-4), 16) : -1
  const known = Object.values(suites).find((suite) => suite.id === id)
  if (known) return known.id as SuiteId
  throw new CommandError(`There is no suite ${text}.`)
}

function readLength(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const length = Number(text)
  if (Number.isSafeInteger(length) && length >= 1 && length <= 0xffff_ffff) return length
  throw new CommandError('--frame-length is a whole number of bytes.')
}
