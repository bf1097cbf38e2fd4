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

/** What the authenticator made of the salt; `null` where it said nothing of it. */
function outputOf(credential: PublicKeyCredential): Bytes | null {
  const output = credential.getClientExtensionResults().prf?.results?.first
  return output instanceof ArrayBuffer ? bytesOf(output) : null
}

const isNamed = (error: unknown, name: string): boolean =>
  error instanceof DOMException && error.name === name

/** The person may turn away from making one: that is no error to tell of. */
async function orNothing(asking: Promise<Credential | null>): Promise<PublicKeyCredential | null> {
  try {
    const credential = await asking
    return credential instanceof PublicKeyCredential ? credential : null
  } catch (error) {
    if (isNamed(error, 'NotAllowedError')) return null
    if (isNamed(error, 'InvalidStateError')) {
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
  const asked = { challenge: Challenge, salts: [[bytesOf(credential.rawId), Salt] as const] }
  return {
    Kind: 'passkey',
    CredentialId: bytesOf(credential.rawId),
    ClientDataJSON: bytesOf(response.clientDataJSON),
    AuthenticatorData: bytesOf(response.getAuthenticatorData()),
    PublicKey: bytesOf(publicKey),
    Algorithm: response.getPublicKeyAlgorithm(),
    ...(await outputOfNew(credential, asked)),
  }
}

/**
 * Many authenticators make nothing of a salt but at an assertion, and say when they are registered only that they can
 * (section 10.1.4): they are asked once more.
 *
 * @throws KeyhearthError `passkey-unsuitable`, `passkey-silent`
 */
async function outputOfNew(
  credential: PublicKeyCredential,
  asked: Asked,
): Promise<Pick<NewPasskey, 'Output' | 'Assertion'>> {
  const Output = outputOf(credential)
  if (Output) return { Output }
  if (credential.getClientExtensionResults().prf?.enabled !== true) {
    throw new KeyhearthError('passkey-unsuitable')
  }
  const { CredentialId: _same, Output: later, ...Assertion } = await assertion(asked)
  return { Output: later, Assertion }
}

/** @throws KeyhearthError `passkey-silent`, `passkey-unsuitable` */
export async function askPasskey(): Promise<PasskeyProof> {
  const { Challenge, Passkeys } = await call('keyhearth:BeginPasskey', { For: 'get' })
  const salts = Passkeys.map(({ CredentialId, Salt }) => [CredentialId, Salt] as const)
  return { Passkey: await assertion({ challenge: Challenge, salts }) }
}

interface Asked {
  readonly challenge: Bytes
  /** By credential, of which any may answer. */
  readonly salts: readonly (readonly [id: Bytes, salt: Bytes])[]
}

/** The browser does not tell a person who turned away from a passkey that is not there (section 14.5.2). */
async function assertion({ challenge, salts }: Asked): Promise<PasskeyProof['Passkey']> {
  const evalByCredential = Object.fromEntries(
    salts.map(([id, first]) => [encodeBase64Url(id), { first }] as const),
  )
  const credential = await navigator.credentials
    .get({
      publicKey: {
        challenge,
        allowCredentials: salts.map(([id]) => ({ type: 'public-key' as const, id })),
        userVerification: 'required',
        extensions: { prf: { evalByCredential } },
      },
    })
    .catch((cause: unknown) => {
      if (!isNamed(cause, 'NotAllowedError')) throw cause
      throw new KeyhearthError('passkey-silent', {}, { cause })
    })
  if (!(credential instanceof PublicKeyCredential)) throw new KeyhearthError('passkey-silent')
  const { response } = credential
  const Output = outputOf(credential)
  if (!(response instanceof AuthenticatorAssertionResponse) || !Output) {
    throw new KeyhearthError('passkey-unsuitable')
  }
  return {
    CredentialId: bytesOf(credential.rawId),
    ClientDataJSON: bytesOf(response.clientDataJSON),
    AuthenticatorData: bytesOf(response.authenticatorData),
    Signature: bytesOf(response.signature),
    Output,
  }
}
