// Identity cards of people that no vault here has.

import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { signedContent, writeCard } from '../../src/codec/identityCard.ts'

/** As anybody can make one, with a name of their choice. */
export function cardNamed(name: string): string {
  const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = (key: KeyObject) => new Uint8Array(key.export({ type: 'spki', format: 'der' }))
  const signing = pair()
  const identity = {
    name,
    agreementKey: spki(pair().publicKey),
    signingKey: spki(signing.publicKey),
    createdAt: Date.now(),
  }
  const signature = new Uint8Array(sign('sha256', signedContent(identity), signing.privateKey))
  return writeCard({ ...identity, signature })
}
