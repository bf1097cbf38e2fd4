// kms: keys, their states and what is done under them; one file per family of operations.
// This file: the person's own public identity and the people they know, as records.

import type { Bytes } from '../codec/bytes.ts'
import type { Context } from '../hsm/context.ts'
import { recordKind } from '../hsm/records.ts'

/** What others are given is made from it (identity.ts). Its keys are KMS keys of the person's account. */
export interface OwnIdentity {
  readonly name: string
  readonly agreementKeyId: string
  readonly signingKeyId: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

export interface PersonRecord {
  readonly personId: string
  /** As the person calls them; at first as they call themselves. */
  readonly name: string
  readonly agreementKey: Bytes
  readonly signingKey: Bytes
  /** As they gave it. */
  readonly card: string
  /** The person compared the words with them. */
  readonly verified: boolean
  /** Milliseconds since 1970. */
  readonly addedAt: number
  /** When their keys became others. */
  readonly changedAt?: number
}

const own = recordKind<OwnIdentity>('people')
const people = recordKind<PersonRecord>('people')

const ownRow = ({ vault }: Context): string => vault.label('own identity', '')
const peopleGroup = ({ vault }: Context): string => vault.label('people', '')

export const findOwnIdentity = (context: Context): Promise<OwnIdentity | null> =>
  context.records.get(own, ownRow(context))

export function putOwnIdentity(context: Context, identity: OwnIdentity): void {
  context.staged.put(own, ownRow(context), null, identity)
}

export const allPeople = (context: Context): Promise<PersonRecord[]> =>
  context.records.list(people, peopleGroup(context))

export const findPerson = (context: Context, personId: string): Promise<PersonRecord | null> =>
  context.records.get(people, personId)

export function putPerson(context: Context, person: PersonRecord): void {
  context.staged.put(people, person.personId, peopleGroup(context), person)
}

export function removePersonRecord(context: Context, { personId }: PersonRecord): void {
  context.staged.remove(people, personId)
}
