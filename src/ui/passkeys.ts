// ui: what the person sees; speaks the protocol like any other client. This file: asking an authenticator
// (WebAuthn Level 3, section 10.1.4: PRF). The background asks the question and checks the answer.

import type { Bytes } from '../codec/bytes.ts'
import { encodeBase64Url } from '../codec/text.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { Input } from '../protocol/schemas.ts'
import { call } from './call.ts'

type NewPasskey = Extract<Input<'keyhearth:AddKeySlot'>['Slot'], { readonly Kind: 'passkey' }>
type PasskeyProof = Extract<Input<'keyhearth:Unlock'>, { readonly Passkey: unknown }>

const bytesOf = (buffer: ArrayBuffer): Bytes => new Uint8Array(buffer)

/** What the authenticator made of the salt. @throws KeyhearthError `passkey-unsuitable` for one that makes nothing */
function outputOf(credential: PublicKeyCredential): Bytes {
  const output = credential.getClientExtensionResults().prf?.results?.first
  if (!(output instanceof ArrayBuffer)) throw new KeyhearthError('passkey-unsuitable')
  return bytesOf(output)
}

/** The person may turn away from it: that is no error to tell of. */
async function orNothing(asking: Promise<Credential | null>): Promise<PublicKeyCredential | null> {
  try {
    const credential = await asking
    return credential instanceof PublicKeyCredential ? credential : null
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotAllowedError') return null
    if (error instanceof DOMException && error.name === 'InvalidStateError') {
      throw new KeyhearthError('conflict', { what: 'this authenticator opens the vault already' })
    }
    throw error
  }
}

/** @returns `null` where the person turned away */
export async function makePasskey(name: string): Promise<NewPasskey | null> {
  const { Challenge, Salt, Algorithms, Passkeys } = await call('keyhearth:BeginPasskey', {
    For: 'create',
  })
  const credential = await orNothing(
    navigator.credentials.create({
      publicKey: {
        challenge: Challenge,
        rp: { name: 'Keyhearth' },
        // Says nothing of the person: it is random, and never read again.
        user: { id: crypto.getRandomValues(new Uint8Array(16)), name, displayName: name },
        pubKeyCredParams: Algorithms.map((alg) => ({ type: 'public-key' as const, alg })),
        excludeCredentials: Passkeys.map(({ CredentialId }) => ({
          type: 'public-key' as const,
          id: CredentialId,
        })),
        authenticatorSelection: { userVerification: 'required', residentKey: 'discouraged' },
        attestation: 'none',
        extensions: { prf: { eval: { first: Salt } } },
      },
    }),
  )
  const response = credential?.response
  if (!credential || !(response instanceof AuthenticatorAttestationResponse)) return null
  const publicKey = response.getPublicKey()
  if (!publicKey) throw new KeyhearthError('passkey-unsuitable')
  return {
    Kind: 'passkey',
    CredentialId: bytesOf(credential.rawId),
    ClientDataJSON: bytesOf(response.clientDataJSON),
    AuthenticatorData: bytesOf(response.getAuthenticatorData()),
    PublicKey: bytesOf(publicKey),
    Algorithm: response.getPublicKeyAlgorithm(),
    Output: outputOf(credential),
  }
}

/** @returns `null` where the person turned away */
export async function askPasskey(): Promise<PasskeyProof | null> {
  const { Challenge, Passkeys } = await call('keyhearth:BeginPasskey', { For: 'get' })
  const salts = Passkeys.map(
    ({ CredentialId, Salt }) => [encodeBase64Url(CredentialId), { first: Salt }] as const,
  )
  const credential = await orNothing(
    navigator.credentials.get({
      publicKey: {
        challenge: Challenge,
        allowCredentials: Passkeys.map(({ CredentialId }) => ({
          type: 'public-key' as const,
          id: CredentialId,
        })),
        userVerification: 'required',
        extensions: { prf: { evalByCredential: Object.fromEntries(salts) } },
      },
    }),
  )
  const response = credential?.response
  if (!credential || !(response instanceof AuthenticatorAssertionResponse)) return null
  return {
    Passkey: {
      CredentialId: bytesOf(credential.rawId),
      ClientDataJSON: bytesOf(response.clientDataJSON),
      AuthenticatorData: bytesOf(response.authenticatorData),
      Signature: bytesOf(response.signature),
      Output: outputOf(credential),
    },
  }
}
