// secrets: Secrets Manager: secrets, their versions and staging labels. This file: all items with what is
// hidden in them: for the screen that compares passwords, and to be taken away.

import type { Context, Handler } from '../hsm/context.ts'
import type { Records } from '../hsm/records.ts'
import type { Item } from '../items/item.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { UnreadableItem } from '../protocol/secretsOutputs.ts'
import { catalogueOf } from './catalogue.ts'
import { askAgain, itemOf, livingItems, writable } from './items.ts'
import { current, pendingStage, withStage } from './labels.ts'
import { arnOf, type SecretRecord, type VersionSummary } from './records.ts'
import { openEach } from './values.ts'

/** Some MiB at the most: values are of 64 KiB at the most. */
const itemsAtOnce = 500
const mostCharacters = 4_000_000

/** What is gone through; a token of the one is none of the other, which may ask for more before its first page. */
type Purpose = 'examine' | 'examine-all' | 'export'

/** The id of the last that was given, by token, known to this worker alone: what comes and goes moves no place. */
const places = new WeakMap<Records, Map<string, string>>()

interface Opened {
  readonly secret: SecretRecord
  readonly version: VersionSummary
  readonly item: Item
  /** What it was before, newest first; empty where that is not wanted. */
  readonly older: readonly { readonly item: Item; readonly at: number }[]
}

export const unreadable = (secret: SecretRecord): UnreadableItem => ({
  SecretId: arnOf(secret),
  Title: secret.facts.title,
})

interface Part {
  readonly opened: readonly Opened[]
  readonly rest: {
    readonly Unreadable: readonly UnreadableItem[]
    readonly Damaged: number
    readonly NextToken?: string
  }
}

/** A part of all items that fit, in the order of their ids, from behind a place on. */
async function partFrom(
  context: Context,
  purpose: Purpose,
  token: string | undefined,
  fits: (secret: SecretRecord) => boolean,
): Promise<Part> {
  const after = token === undefined ? '' : takePlace(context, purpose, token)
  const all = (await livingItems(context)).filter((one) => one.id > after && fits(one))
  const slice = all.slice(0, itemsAtOnce)
  const wanted = slice.flatMap((secret) => {
    const version = withStage(secret.versions, current)
    return version && version.revision !== 0 ? [{ secret, version }] : []
  })
  const values = await openEach(context, wanted)
  const opened: Opened[] = []
  const Unreadable: UnreadableItem[] = []
  let characters = 0
  let last = slice.at(-1)?.id ?? ''
  for (const [i, { secret, version }] of wanted.entries()) {
    const value = values[i]
    if (!value) {
      Unreadable.push(unreadable(secret))
      continue
    }
    const earlier = purpose === 'export' ? earlierVersions(secret, version) : []
    const theirs = await openEach(context, earlier)
    const older = earlier.flatMap(({ version: { createdAt } }, at) => {
      const before = theirs[at]
      return before ? [{ item: itemOf(secret, before), at: createdAt }] : []
    })
    if (older.length < earlier.length) Unreadable.push({ ...unreadable(secret), Earlier: true })
    opened.push({ secret, version, item: itemOf(secret, value), older })
    for (const one of [value, ...theirs]) characters += one?.kind === 'string' ? one.text.length : 0
    if (characters <= mostCharacters || i === wanted.length - 1) continue
    last = secret.id
    break
  }
  const goesOn = all.at(-1) !== undefined && all.at(-1)?.id !== last
  const Damaged = (await catalogueOf(context)).damaged.length
  const next = goesOn ? { NextToken: keepPlace(context, purpose, last) } : {}
  return { opened, rest: { Unreadable, Damaged, ...next } }
}

/** Newest first. One that waits to be tested and set was never the value. */
const earlierVersions = (secret: SecretRecord, present: VersionSummary) =>
  secret.versions
    .filter((one) => one !== present && one.revision !== 0 && !one.stages.includes(pendingStage))
    .toReversed()
    .map((version) => ({ secret, version }))

function keepPlace({ records }: Context, purpose: Purpose, last: string): string {
  const token = `${purpose} ${crypto.randomUUID()}`
  const known = places.get(records) ?? new Map<string, string>()
  places.set(records, known.set(token, last))
  return token
}

/** @throws KeyhearthError `secret-next-token` */
function takePlace({ records }: Context, purpose: Purpose, token: string): string {
  const place = token.startsWith(`${purpose} `) ? places.get(records)?.get(token) : undefined
  if (place === undefined) throw new KeyhearthError('secret-next-token')
  return place
}

const isExamined = ({ facts: { kind } }: SecretRecord): boolean =>
  kind === 'login' || kind === 'api-key'

export const examineItems: Handler<'keyhearth:ExamineItems'> = async (
  context,
  { Proof, NextToken },
) => {
  if (NextToken === undefined && Proof !== undefined) await askAgain(context, Proof)
  const isAll = Proof !== undefined || NextToken?.startsWith('examine-all ')
  const purpose = isAll ? 'examine-all' : 'examine'
  const { opened, rest } = await partFrom(context, purpose, NextToken, isExamined)
  return {
    Items: opened.map(({ secret, version, item }) => ({
      SecretId: arnOf(secret),
      Title: item.title,
      Kind: item.kind === 'login' ? 'login' : 'api-key',
      ...(item.kind === 'login' && (isAll || !secret.facts.askAgain)
        ? { Password: item.fields['password'] ?? '' }
        : {}),
      HasOneTimeCode: secret.facts.hasOneTimeCode,
      Uris: item.uris,
      ChangedAt: version.createdAt / 1000,
    })),
    ...rest,
  }
}

export const exportItems: Handler<'keyhearth:ExportItems'> = async (
  context,
  { Proof, NextToken },
) => {
  if (NextToken === undefined) await askAgain(context, Proof)
  const { opened, rest } = await partFrom(context, 'export', NextToken, () => true)
  return {
    Items: opened.map(({ secret, item, older }) => ({
      SecretId: arnOf(secret),
      Item: writable(item),
      ...(older.length === 0
        ? {}
        : { Older: older.map((one) => ({ Item: writable(one.item), At: one.at / 1000 })) }),
      AskAgain: secret.facts.askAgain,
      CreatedAt: secret.createdAt / 1000,
      ChangedAt: secret.changedAt / 1000,
    })),
    ...rest,
  }
}
