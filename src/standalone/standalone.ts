// standalone: one page, a file by itself, that opens one message under a passphrase: for people without Keyhearth.
// It asks nobody for anything: no server, no extension. This file: what the page does.

import { findArmoured } from '../codec/armour.ts'
import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { safeFileName } from '../codec/fileName.ts'
import { FilePlaintext } from '../codec/filePlaintext.ts'
import { decodeUtf8 } from '../codec/text.ts'
import { decrypt, EncryptionSdkError, passphraseKeyring } from '../encryption-sdk/index.ts'

const mostBytes = 256 * 1024 * 1024

/** @throws Error where the page was made without these */
function element<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id)
  if (found instanceof type) return found
  throw new Error(`no #${id}`)
}

const form = element('form', HTMLFormElement)
const field = element('passphrase', HTMLInputElement)
const button = element('open', HTMLButtonElement)
const problem = element('problem', HTMLElement)
const text = element('text', HTMLElement)
const file = element('file', HTMLElement)

form.addEventListener('submit', (event) => {
  event.preventDefault()
  void open()
})

field.focus()

async function open(): Promise<void> {
  problem.textContent = ''
  button.disabled = true
  button.textContent = 'Opening…'
  // Argon2id takes a moment, in which nothing is drawn.
  await new Promise((resolve) => setTimeout(resolve, 50))
  try {
    await show(field.value)
    form.hidden = true
    field.value = ''
  } catch (error) {
    problem.textContent = wordsFor(error)
    field.focus()
  }
  button.disabled = false
  button.textContent = 'Open'
}

function message(): Bytes {
  const [block] = findArmoured(element('message', HTMLElement).textContent, { maxBytes: mostBytes })
  if (block && 'bytes' in block) return block.bytes
  throw new EncryptionSdkError('truncated', 'no message')
}

async function show(passphrase: string): Promise<void> {
  const { plaintext, messageHeader } = await decrypt(passphraseKeyring(passphrase), message())
  const parts: Bytes[] = []
  const content = new FilePlaintext(async (header) => ({
    header,
    write: async (bytes: Bytes) => void parts.push(bytes),
    abandon: async () => {},
  }))
  content.expect(messageHeader.encryptionContext)
  await content.write(plaintext)
  const { header } = await content.end()
  if (header) offer(concatBytes(...parts), header.name, header.type)
  else showText(concatBytes(...parts))
}

function showText(bytes: Bytes): void {
  text.textContent = decodeUtf8(bytes)
  text.hidden = false
  text.focus()
}

function offer(content: Bytes, name: string, type: string): void {
  const safe = safeFileName(name) ?? 'decrypted'
  const link = document.createElement('a')
  link.textContent = `Save ${safe}`
  link.download = safe
  // Never a type that a browser would show: what is inside must not run.
  const shown = /^(image\/(png|jpeg|gif|webp)|application\/pdf)$/.test(type)
  link.href = URL.createObjectURL(
    new Blob([content], { type: shown ? type : 'application/octet-stream' }),
  )
  file.replaceChildren(link)
  file.hidden = false
  link.focus()
}

function wordsFor(error: unknown): string {
  const code = error instanceof EncryptionSdkError ? error.code : null
  if (code === 'no-key') return 'That passphrase does not open this message.'
  if (code === 'unsupported') return 'This message asks for something this page does not do.'
  return 'This message was cut or changed on the way. Ask for it again.'
}
