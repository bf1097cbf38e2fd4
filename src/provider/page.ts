// provider: what a web page holds. This file: `keyhearth/page`, for pages that use it: the types of what Keyhearth
// gives them, and how to ask. It needs nothing else of Keyhearth, so it may be copied.

/** `messages`: encrypt and decrypt under a key of the site's own. `keys`: all of AWS KMS in its own account. */
export type Right = 'messages' | 'keys'

export interface EncryptOptions {
  /** A key of the site; `alias/site` unless told. */
  readonly keyId?: string
  /** A branch key of the site instead. */
  readonly branchKeyId?: string
  /** Identity cards, as people give them, of those who are to read it besides the site. */
  readonly recipients?: readonly string[]
  /** Strings bound to the message, readable by all. */
  readonly encryptionContext?: Readonly<Record<string, string>>
  /** Signed (`0578`) unless told. */
  readonly algorithmSuite?: '0478' | '0578'
  readonly frameLength?: number
}

export interface DecryptOptions {
  /** Pairs the message must carry. */
  readonly encryptionContext?: Readonly<Record<string, string>>
}

export interface Decrypted<Plaintext> {
  readonly plaintext: Plaintext
  readonly encryptionContext: Readonly<Record<string, string>>
  /** ARN of the KMS key. */
  readonly keyId: string
}

export interface BranchKey {
  readonly branchKeyId: string
  /** The active one: a UUID. */
  readonly branchKeyVersion: string
  /** ARN of the KMS key that it is under. */
  readonly keyId: string
}

type Bytes = Uint8Array<ArrayBuffer>
type Binary = ArrayBuffer | ArrayBufferView

/** `window.keyhearth` (docs/pages.md). Rejections are Errors named as AWS's exceptions. */
export interface KeyhearthProvider extends EventTarget {
  readonly version: string
  encrypt(plaintext: string, options?: EncryptOptions): Promise<string>
  encrypt(plaintext: Blob, options?: EncryptOptions): Promise<Blob>
  encrypt(plaintext: Binary, options?: EncryptOptions): Promise<Bytes>
  decrypt(ciphertext: string, options?: DecryptOptions): Promise<Decrypted<string>>
  decrypt(ciphertext: Blob, options?: DecryptOptions): Promise<Decrypted<Blob>>
  decrypt(ciphertext: Binary, options?: DecryptOptions): Promise<Decrypted<Bytes>>
  createBranchKey(options?: {
    readonly branchKeyId?: string
    readonly keyId?: string
    readonly encryptionContext?: Readonly<Record<string, string>>
  }): Promise<BranchKey>
  versionBranchKey(branchKeyId: string): Promise<BranchKey>
  listBranchKeys(): Promise<readonly BranchKey[]>
  /** For AWS's own clients: `new KMSClient({ requestHandler })`. */
  readonly requestHandler: {
    handle(request: never, options?: never): Promise<{ response: never }>
    destroy(): void
  }
  /** Gives up this page's connection. */
  disconnect(): void
}

/** Where the site is connected already: there from the page's first script. */
export function connectedKeyhearth(): KeyhearthProvider | null {
  const present: unknown = Reflect.get(globalThis, 'keyhearth')
  return present instanceof EventTarget && 'encrypt' in present
    ? (present as KeyhearthProvider)
    : null
}

/**
 * Asks the person; call it from a click or a key press. Where there is no Keyhearth, or the person says no, it
 * stays pending: nothing tells a page which it is. `signal` gives up.
 */
export function connectKeyhearth(
  rights: readonly Right[] = ['messages'],
  signal?: AbortSignal,
): Promise<KeyhearthProvider> {
  return new Promise((resolve, reject) => {
    const heard = (event: Event) => resolve((event as CustomEvent<KeyhearthProvider>).detail)
    addEventListener('keyhearth:provider', heard, { once: true })
    signal?.addEventListener('abort', () => {
      removeEventListener('keyhearth:provider', heard)
      reject(signal.reason)
    })
    dispatchEvent(new CustomEvent('keyhearth:request', { detail: { rights: [...rights] } }))
  })
}
