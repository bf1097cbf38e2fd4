// command-line: `npx keyhearth`, the message format without a browser. This file: one command, from its
// words to its exit code: 0 done, 1 refused or failed, 2 not understood.

import { basename } from 'node:path'
import type { FileHeader } from '../codec/fileHeader.ts'
import { safeFileName } from '../codec/fileName.ts'
import { EncryptionSdkError } from '../encryption-sdk/index.ts'
import { type BackupRequest, backup } from './backup.ts'
import { decryptTo } from './decrypt.ts'
import { encryptTo } from './encrypt.ts'
import { inputOf } from './input.ts'
import { inspect } from './inspect.ts'
import { fileOutput, type Output, standardOutput } from './output.ts'
import { type Request, readRequest } from './request.ts'
import { CommandError, usage } from './words.ts'

const suffix = '.keyhearth'

const outputAt = (path: string | null, { force }: Request): Promise<Output> | Output =>
  path === null ? standardOutput() : fileOutput(path, force)

async function encrypt(request: Request): Promise<void> {
  const { input, output: wanted = input === null ? null : input + suffix } = request
  const chunks = await inputOf(input)
  const output = await outputAt(wanted, request)
  try {
    await encryptTo(request, chunks, output)
  } catch (error) {
    await output.abandon()
    throw error
  }
  await output.finish()
}

async function decrypt(request: Request): Promise<void> {
  const chunks = await inputOf(request.input)
  const { input, output: wanted } = request
  const begin = async (header: FileHeader | null) => outputAt(pathFor(request, header), request)
  // A file takes its name only once the signature holds; a pipe cannot be taken back.
  const toPipe = wanted === undefined ? input === null : wanted === null
  const output = await decryptTo(request, chunks, begin, !toPipe)
  await output.finish()
}

/** @throws CommandError where nothing says what the file is to be called */
function pathFor({ input, output }: Request, header: FileHeader | null): string | null {
  if (output !== undefined) return output
  if (input === null) return null
  if (header) return safeFileName(header.name) ?? noName()
  if (input.endsWith(suffix) && basename(input) !== suffix) return input.slice(0, -suffix.length)
  throw new CommandError('Where to? Say -o FILE, or -o - for standard output.')
}

function noName(): never {
  throw new CommandError('The file in this message has no name that fits here. Say -o FILE.')
}

/** A backup that is not whole is told of, and is a failure. */
async function backUp(request: BackupRequest): Promise<void> {
  const { text, isWhole } = await backup(request)
  process.stdout.write(text)
  if (!isWhole) throw new EncryptionSdkError('invalid', 'This backup is damaged.')
}

async function perform(request: Request | BackupRequest): Promise<void> {
  switch (request.command) {
    case 'backup':
      return backUp(request)
    case 'encrypt':
      return encrypt(request)
    case 'decrypt':
      return decrypt(request)
    case 'inspect': {
      const text = await inspect(await inputOf(request.input), request.json)
      process.stdout.write(text)
    }
  }
}

function report(error: unknown): number {
  if (error instanceof CommandError) {
    process.stderr.write(`keyhearth: ${error.message}\n`)
    return 2
  }
  const words = error instanceof EncryptionSdkError ? error.message : systemWords(error)
  process.stderr.write(`keyhearth: ${words}\n`)
  return 1
}

function systemWords(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC') return 'The disk is full. Nothing was left behind.'
  if (code === 'EISDIR') return 'That is a folder, not a file.'
  return error instanceof Error ? error.message : 'Something went wrong.'
}

export async function main(argv: readonly string[], version: string): Promise<number> {
  try {
    const request = readRequest(argv)
    if (request === 'help') process.stdout.write(usage)
    else if (request === 'version') process.stdout.write(`${version}\n`)
    else await perform(request)
    return 0
  } catch (error) {
    return report(error)
  }
}
