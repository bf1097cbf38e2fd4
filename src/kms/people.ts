// kms: keys, their states and what is done under them; one file per family of operations.
// This file: the people the person knows: their cards reviewed, taken in, marked as compared, removed.

import { equalBytes } from '../codec/bytes.ts'
import { type IdentityCard, readCard, signedContent, writeCard } from '../codec/identityCard.ts'
import { lookAlike, mixesScripts } from '../codec/lookAlike.ts'
import type { Context, Handler } from '../hsm/context.ts'
import { fingerprintOf } from '../hsm/fingerprint.ts'
import { verifyWith } from '../hsm/signing.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { Person } from '../protocol/outputs.ts'
import { cardSigning, ensureIdentity, ownPublicKeys, type PublicKeys } from './identity.ts'
import {
  allPeople,
  findPerson,
  type PersonRecord,
  putPerson,
  removePersonRecord,
} from './peopleRecords.ts'

const mostPeople = 10_000

const wordsOf = ({ agreementKey, signingKey }: PublicKeys): string[] =>
  fingerprintOf(agreementKey, signingKey)

const describe = (person: PersonRecord): Person => ({
  PersonId: person.personId,
  Name: person.name,
  Card: person.card,
  Fingerprint: wordsOf(person),
  Verified: person.verified,
  AddedAt: person.addedAt / 1000,
  ...(person.changedAt === undefined ? {} : { ChangedAt: person.changedAt / 1000 }),
})

export const listPeople: Handler<'keyhearth:ListPeople'> = async (context) => {
  const people = (await allPeople(context)).map(describe)
  return { People: people.sort((one, other) => one.Name.localeCompare(other.Name)) }
}

/** @throws KeyhearthError `card-malformed` */
export async function provenCard(text: string): Promise<IdentityCard> {
  const card = readCard(text)
  const proven = card && (await isProven(card))
  if (!proven) throw new KeyhearthError('card-malformed')
  return card
}

async function isProven(card: IdentityCard): Promise<boolean> {
  try {
    const points = await Promise.all([card.agreementKey, card.signingKey].map(isPoint))
    const signing = cardSigning(signedContent(card))
    return points.every(Boolean) && (await verifyWith(card.signingKey, signing, card.signature))
  } catch {
    return false
  }
}

/** In its one written form: keys are compared by their bytes. */
async function isPoint(spki: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const algorithm = { name: 'ECDH', namedCurve: 'P-256' }
  const key = await crypto.subtle.importKey('spki', spki, algorithm, true, [])
  return equalBytes(new Uint8Array(await crypto.subtle.exportKey('spki', key)), spki)
}

const sameKeys = (one: PublicKeys, other: PublicKeys): boolean =>
  equalBytes(one.agreementKey, other.agreementKey) && equalBytes(one.signingKey, other.signingKey)

const shareKey = (one: PublicKeys, other: PublicKeys): boolean =>
  equalBytes(one.agreementKey, other.agreementKey) || equalBytes(one.signingKey, other.signingKey)

const sameName = (one: string, other: string): boolean =>
  one.localeCompare(other, undefined, { sensitivity: 'base' }) === 0

/** Whom of those the person knows a card is of, and whether it says what is known. */
async function compare(context: Context, card: IdentityCard) {
  const own = await ownPublicKeys(context)
  if (own && shareKey(own, card)) return { known: 'you', person: null } as const
  const people = await allPeople(context)
  const same = people.find((person) => sameKeys(person, card))
  if (same) return { known: 'same', person: same } as const
  const changed = people.find(
    (person) => shareKey(person, card) || sameName(person.name, card.name),
  )
  if (changed) return { known: 'changed', person: changed } as const
  const alike = people.find((person) => lookAlike(person.name, card.name))
  if (alike) return { known: 'alike', person: alike } as const
  return { known: 'new', person: null } as const
}

export const reviewCard: Handler<'keyhearth:ReviewCard'> = async (context, { Card }) => {
  const card = await provenCard(Card)
  const { known, person } = await compare(context, card)
  return {
    Name: card.name,
    Fingerprint: wordsOf(card),
    Known: known,
    MixedScripts: mixesScripts(card.name),
    Person: person && describe(person),
  }
}

export const importPerson: Handler<'keyhearth:ImportPerson'> = async (context, input) => {
  const card = await provenCard(input.Card)
  const { known, person: before } = await compare(context, card)
  if (known === 'you') throw new KeyhearthError('person-known', { name: card.name })
  if (known === 'same') throw new KeyhearthError('person-known', { name: before.name })
  const people = await allPeople(context)
  if (people.length >= mostPeople) {
    throw new KeyhearthError('limit-exceeded', { what: `There are at most ${mostPeople} people` })
  }
  // Of two people with one key nobody could say who sent a message.
  const shared = people.find((person) => equalBytes(person.agreementKey, card.agreementKey))
  if (shared && shared.personId !== input.Replace) {
    throw new KeyhearthError('person-known', { name: shared.name })
  }
  await ensureIdentity(context)
  const { name, agreementKey, signingKey } = card
  const verified = input.Verified ?? false
  const fresh = { agreementKey, signingKey, card: writeCard(card), verified }
  const replaced = input.Replace === undefined ? null : await personNamed(context, input.Replace)
  const record: PersonRecord = replaced
    ? { ...replaced, ...fresh, changedAt: context.now }
    : { ...fresh, personId: crypto.randomUUID(), name, addedAt: context.now }
  putPerson(context, record)
  return { PersonId: record.personId }
}

/** @throws KeyhearthError `person-not-found` */
export async function personNamed(context: Context, personId: string): Promise<PersonRecord> {
  const person = await findPerson(context, personId)
  if (person && 'personId' in person) return person
  throw new KeyhearthError('person-not-found')
}

export const updatePerson: Handler<'keyhearth:UpdatePerson'> = async (context, input) => {
  const person = await personNamed(context, input.PersonId)
  const { Name: name = person.name, Verified: verified = person.verified } = input
  putPerson(context, { ...person, name, verified })
  return {}
}

export const removePerson: Handler<'keyhearth:RemovePerson'> = async (context, { PersonId }) => {
  removePersonRecord(context, await personNamed(context, PersonId))
  return {}
}
