// An authenticator as WebAuthn Level 3 describes it, in software: what its answers consist of is made here with
// real keys and signatures, so that each part can be wrong by itself. The browser's own is in tests/e2e.

import { vi } from 'vitest'
import { concatBytes } from '../../src/codec/bytes.ts'
import { ecdsaToDer } from '../../src/codec/ecdsa.ts'
import { encodeBase64Url, encodeUtf8 } from '../../src/codec/text.ts'
import type { Output } from '../../src/protocol/outputs.ts'
import type { Input } from '../../src/protocol/schemas.ts'

const host = 'abcdefghijklmnopabcdefghijklmnop'
const origin = `chrome-extension://${host}`

/** The worker's own address, which answers must name. */
export const standInExtension = (): void => {
  vi.stubGlobal('location', { host, origin })
}

const sha256 = async (bytes: Uint8Array<ArrayBuffer>) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))

export interface Lies {
  readonly origin?: string
  readonly party?: string
  readonly type?: string
  readonly verified?: boolean
  readonly challenge?: Uint8Array
}

export class SoftAuthenticator {
  readonly credentialId = crypto.getRandomValues(new Uint8Array(16))
  readonly #secret = crypto.getRandomValues(new Uint8Array(32))
  readonly #pair: CryptoKeyPair

  private constructor(pair: CryptoKeyPair) {
    this.#pair = pair
  }

  static async make(): Promise<SoftAuthenticator> {
    const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' }
    return new SoftAuthenticator(await crypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']))
  }

  async output(salt: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    return sha256(concatBytes(this.#secret, salt))
  }

  async #said(type: string, challenge: Uint8Array, lies: Lies) {
    const data = {
      type: lies.type ?? type,
      challenge: encodeBase64Url(lies.challenge ?? challenge),
      origin: lies.origin ?? origin,
      crossOrigin: false,
    }
    const party = await sha256(encodeUtf8(lies.party ?? origin))
    const flags = lies.verified === false ? 0x01 : 0x05
    return {
      CredentialId: this.credentialId.slice(),
      ClientDataJSON: encodeUtf8(JSON.stringify(data)),
      AuthenticatorData: concatBytes(party, Uint8Array.of(flags, 0, 0, 0, 1)),
    }
  }

  async create(
    { Challenge, Salt }: Asked,
    lies: Lies = {},
  ): Promise<Extract<Slot, { Kind: 'passkey' }>> {
    return {
      Kind: 'passkey',
      ...(await this.#said('webauthn.create', Challenge, lies)),
      PublicKey: new Uint8Array(await crypto.subtle.exportKey('spki', this.#pair.publicKey)),
      Algorithm: -7,
      Output: await this.output(Salt),
    }
  }

  /** As one that makes nothing of the salt until it signs. */
  async createAndAssert(
    asked: Asked,
    lies: Lies = {},
  ): Promise<Extract<Slot, { Kind: 'passkey' }>> {
    const { ClientDataJSON, AuthenticatorData, Signature } = await this.get(asked, lies)
    const Assertion = { ClientDataJSON, AuthenticatorData, Signature }
    return { ...(await this.create(asked)), Assertion }
  }

  async get({ Challenge, Passkeys }: Asked, lies: Lies = {}) {
    const said = await this.#said('webauthn.get', Challenge, lies)
    const salt = Passkeys.find(
      ({ CredentialId }) => encodeBase64Url(CredentialId) === encodeBase64Url(this.credentialId),
    )?.Salt
    const signed = concatBytes(said.AuthenticatorData, await sha256(said.ClientDataJSON))
    const ecdsa = { name: 'ECDSA', hash: 'SHA-256' }
    const signature = await crypto.subtle.sign(ecdsa, this.#pair.privateKey, signed)
    return {
      ...said,
      Signature: ecdsaToDer(new Uint8Array(signature)),
      Output: await this.output(salt ?? new Uint8Array(32)),
    }
  }
}

type Asked = Output<'keyhearth:BeginPasskey'>
type Slot = Input<'keyhearth:AddKeySlot'>['Slot']
