// provider: what a web page holds. This file: `window.keyhearth` (design section 4; docs/pages.md).
//
// It runs in the page's own world and has the page's own rights: a page that tampers with it fools
// itself. Nothing is kept here but a port.

import { armour } from '../codec/armour.ts'
import type { Bytes } from '../codec/bytes.ts'
import { decodeUtf8 } from '../codec/text.ts'
import type { Output } from '../protocol/outputs.ts'
import { pageError } from '../protocol/pageErrors.ts'
import type { Input } from '../protocol/schemas.ts'
import { type BranchKey, createBranchKey, listBranchKeys, versionBranchKey } from './branchKeys.ts'
import { Channel } from './channel.ts'
import type { Formats } from './formats.ts'
import { OnNeed } from './onNeed.ts'
import type { HsmMembers, HsmOperation, KeyhearthProvider, Signed, Verified } from './page.ts'
import { type RequestHandler, requestHandler } from './requestHandler.ts'
import {
  type BranchKeyOptions,
  bytesOf,
  type Data,
  type DecryptOptions,
  type EncryptOptions,
  kindOf,
  readDecryptOptions,
  readEncryptOptions,
} from './requests.ts'
import {
  copySignature,
  readSignOptions,
  readVerifyOptions,
  type SignOptions,
  type VerifyOptions,
} from './signRequests.ts'
import type { Verifier } from './verifier.ts'

const providerEvent = 'keyhearth:provider'
const globalName = 'keyhearth'

/** Up to here a message goes through the background (design section 4). */
const mostThroughBackground = 64 * 1024

interface Decrypted<Plaintext> {
  readonly plaintext: Plaintext
  readonly encryptionContext: Readonly<Record<string, string>>
  readonly keyId: string
}

/** Of what pages are told (page.ts), all but the handler, whose types are AWS's. */
type Checked = Exclude<keyof KeyhearthProvider, 'requestHandler'>

type Opened = Output<'keyhearth:DecryptMessage'>

/** Arguments are read before the first await; what is wrong with them arrives as a rejection all the same. */
class Keyhearth extends EventTarget implements Pick<KeyhearthProvider, Checked> {
  readonly version: string
  /** For AWS's own clients, instead of theirs. */
  readonly requestHandler: RequestHandler
  readonly #channel: Channel
  readonly #formats: OnNeed<Formats>
  readonly #verifier: OnNeed<Verifier>

  constructor(version: string, channel: (self: Keyhearth) => Channel) {
    super()
    this.version = version
    this.#channel = channel(this)
    this.#formats = new OnNeed(this.#channel, 'formats')
    this.#verifier = new OnNeed(this.#channel, 'verifier')
    this.requestHandler = requestHandler(this.#channel)
  }

  /** Text becomes armoured text, bytes become a Uint8Array, a Blob becomes a Blob. At most 256 MiB. */
  encrypt(plaintext: string, options?: EncryptOptions): Promise<string>
  encrypt(plaintext: Blob, options?: EncryptOptions): Promise<Blob>
  encrypt(plaintext: ArrayBuffer | ArrayBufferView, options?: EncryptOptions): Promise<Bytes>
  async encrypt(plaintext: Data, options?: EncryptOptions): Promise<string | Bytes | Blob> {
    const kind = kindOf(plaintext)
    const rest = readEncryptOptions(options)
    const bytes = bytesOf(plaintext)
    const Message = await this.#seal(await bytes, rest)
    if (kind === 'text') return armour(Message)
    return kind === 'blob' ? new Blob([Message], { type: 'application/octet-stream' }) : Message
  }

  /** The reverse. A text with several messages gives their plaintexts, one line after the other. */
  decrypt(ciphertext: string, options?: DecryptOptions): Promise<Decrypted<string>>
  decrypt(ciphertext: Blob, options?: DecryptOptions): Promise<Decrypted<Blob>>
  decrypt(
    ciphertext: ArrayBuffer | ArrayBufferView,
    options?: DecryptOptions,
  ): Promise<Decrypted<Bytes>>
  async decrypt(
    ciphertext: Data,
    options?: DecryptOptions,
  ): Promise<Decrypted<string | Bytes | Blob>> {
    const kind = kindOf(ciphertext)
    const rest = readDecryptOptions(options)
    if (typeof ciphertext === 'string') return this.#decryptText(ciphertext, rest)
    const bytes = bytesOf(ciphertext)
    const opened = await this.#open(await bytes, rest)
    return result(kind === 'blob' ? new Blob([opened.Plaintext]) : opened.Plaintext, opened)
  }

  async #seal(Plaintext: Bytes, rest: ReturnType<typeof readEncryptOptions>): Promise<Bytes> {
    const channel = this.#channel
    if (Plaintext.byteLength > mostThroughBackground) {
      return (await this.#formats.get()).encryptLarge(channel, Plaintext, rest)
    }
    return (await channel.call('keyhearth:EncryptMessage', { Plaintext, ...rest })).Message
  }

  async #open(Message: Bytes, rest: ReturnType<typeof readDecryptOptions>): Promise<Opened> {
    const channel = this.#channel
    if (Message.byteLength > mostThroughBackground) {
      return (await this.#formats.get()).decryptLarge(channel, Message, rest)
    }
    return channel.call('keyhearth:DecryptMessage', { Message, ...rest })
  }

  async #decryptText(text: string, rest: ReturnType<typeof readDecryptOptions>) {
    const messages = (await this.#formats.get()).messagesIn(text)
    const opened = await Promise.all(messages.map((message) => this.#open(message, rest)))
    const [first] = opened
    if (!first) throw pageError('message-none')
    return result(opened.map(({ Plaintext }) => textOf(Plaintext)).join('\n'), first)
  }

  /** A key between a key of the site and its messages; needs the right `keys`. */
  createBranchKey(options?: BranchKeyOptions): Promise<BranchKey> {
    return createBranchKey(this.#channel, options)
  }

  /** A new version, which messages are under from now on; earlier ones go on opening. */
  versionBranchKey(branchKeyId: string): Promise<BranchKey> {
    return versionBranchKey(this.#channel, branchKeyId)
  }

  listBranchKeys(): Promise<readonly BranchKey[]> {
    return listBranchKeys(this.#channel)
  }

  /** What a security module does beside KMS (docs/primitives.md); needs the right `keys`. */
  async hsm(operation: HsmOperation, request: HsmMembers): Promise<HsmMembers> {
    if (!/^Hsm\w+$/.test(operation)) throw pageError('unknown-operation')
    const input = request as unknown as Input<`keyhearth:${HsmOperation}`>
    return { ...(await this.#channel.call(`keyhearth:${operation}`, input)) }
  }

  /** The person is asked each time, and sees the document. */
  async sign(data: Data, options?: SignOptions): Promise<Signed> {
    const rest = readSignOptions(options)
    const bytes = bytesOf(data)
    const signed = await this.#channel.call('keyhearth:SignDocument', {
      Data: await bytes,
      ...rest,
    })
    const { Signature, KeyId, SigningAlgorithm, Certificates } = signed
    return {
      signature: rest.Format === 'jws' ? decodeUtf8(Signature) : Signature,
      keyId: KeyId,
      signingAlgorithm: SigningAlgorithm,
      certificates: Certificates,
    }
  }

  /** In this page, on what it has: nobody is asked. */
  async verify(
    data: Data,
    signature?: string | ArrayBuffer | ArrayBufferView | null,
    options?: VerifyOptions,
  ): Promise<Verified> {
    const rest = readVerifyOptions(options)
    const bytes = bytesOf(data)
    const proof = signature === undefined || signature === null ? null : copySignature(signature)
    const { verifyForPage } = await this.#verifier.get()
    return verifyForPage(this.#channel, { data: await bytes, signature: proof, ...rest })
  }

  /** Gives up this page's connection. */
  disconnect(): void {
    this.#channel.disconnect()
  }
}

const result = <Plaintext>(plaintext: Plaintext, opened: Opened): Decrypted<Plaintext> => ({
  plaintext,
  encryptionContext: opened.EncryptionContext,
  keyId: opened.KeyId,
})

function textOf(bytes: Bytes): string {
  try {
    return decodeUtf8(bytes)
  } catch {
    throw pageError('invalid-input', {
      what: 'this message holds bytes, not text: give it as a Uint8Array',
    })
  }
}

/**
 * Puts `window.keyhearth` up and tells a page that asked. Where the script runs but the page is not
 * connected (Firefox cannot tell ports apart), the page must not see it, so there it waits for the
 * relay's word first. To the browser's patterns a host with a dot at its end is the one without: it is another
 * origin, and none that anybody can allow (gate/principals).
 */
export function installProvider(version: string, waitForRelay: boolean): void {
  if (location.origin === 'null' || location.hostname.endsWith('.')) return
  const present: unknown = Reflect.get(window, globalName)
  if (present instanceof EventTarget && 'encrypt' in present) {
    announce(present)
    return
  }
  const keyhearth = new Keyhearth(
    version,
    (self) =>
      new Channel({
        attached: () => waitForRelay && expose(self),
        event: (name) => self.dispatchEvent(new Event(name)),
        disconnected: () => Reflect.deleteProperty(window, globalName),
      }),
  )
  if (!waitForRelay) expose(keyhearth)
}

function expose(keyhearth: Keyhearth): void {
  // Configurable, so that revoking takes it away again; not writable, so that no script shadows it by
  // accident. A page with a global of that name (`var keyhearth`) keeps it, and hears of ours all the same.
  Reflect.defineProperty(window, globalName, {
    value: Object.freeze(keyhearth),
    configurable: true,
    enumerable: false,
    writable: false,
  })
  announce(keyhearth)
}

function announce(keyhearth: EventTarget): void {
  dispatchEvent(new CustomEvent(providerEvent, { detail: keyhearth }))
}
