// secrets: Secrets Manager: secrets, their versions and staging labels. This file: all items with what is
// hidden in them: for the screen that compares passwords, and to be taken away.

import type { Context, Handler } from '../hsm/context.ts'
import type { Records } from '../hsm/records.ts'
import type { Item } from '../items/item.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { askAgain, itemOf, livingItems, writable } from './items.ts'
import { current, withStage } from './labels.ts'
import { arnOf, type SecretRecord } from './records.ts'
import { openValues } from './values.ts'

/** Some MiB at the most: values are of 64 KiB at the most. */
const itemsAtOnce = 500
const mostCharacters = 4_000_000

/** What is gone through; a token of the one is none of the other, which may ask for more before its first page. */
type Purpose = 'examine' | 'export'

/** Where the next page goes on, by token; known to this worker alone. */
const places = new WeakMap<Records, Map<string, number>>()

interface Opened {
  readonly secret: SecretRecord
  readonly item: Item
}

/** A part of all items, from a place on. What is asked for again each time is left out where told. */
async function partFrom(
  context: Context,
  purpose: Purpose,
  start: number,
  all: readonly SecretRecord[],
) {
  const wanted = all.slice(start, start + itemsAtOnce).flatMap((secret) => {
    const version = withStage(secret.versions, current)
    return version && version.revision !== 0 ? [{ secret, version }] : []
  })
  const values = await openValues(context, wanted)
  const opened: Opened[] = []
  let characters = 0
  for (const [i, { secret }] of wanted.entries()) {
    const value = values[i]
    if (!value || characters > mostCharacters) break
    opened.push({ secret, item: itemOf(secret, value) })
    characters += value.kind === 'string' ? value.text.length : 0
  }
  const last = opened.at(-1)?.secret
  const end = last && opened.length < wanted.length ? all.indexOf(last) + 1 : start + itemsAtOnce
  return { opened, next: end < all.length ? { NextToken: keepPlace(context, purpose, end) } : {} }
}

function keepPlace({ records }: Context, purpose: Purpose, place: number): string {
  const token = `${purpose}-${crypto.randomUUID()}`
  const known = places.get(records) ?? new Map<string, number>()
  places.set(records, known.set(token, place))
  return token
}

/** @throws KeyhearthError `secret-next-token` */
function takePlace({ records }: Context, purpose: Purpose, token: string): number {
  const place = token.startsWith(`${purpose}-`) ? places.get(records)?.get(token) : undefined
  if (place === undefined) throw new KeyhearthError('secret-next-token')
  return place
}

const passwordOf = ({ kind, fields }: Item): string =>
  kind === 'login' ? (fields['password'] ?? '') : ''

export const examineItems: Handler<'keyhearth:ExamineItems'> = async (context, { NextToken }) => {
  const start = NextToken === undefined ? 0 : takePlace(context, 'examine', NextToken)
  const logins = (await livingItems(context)).filter(({ facts }) => facts.kind === 'login')
  const { opened, next } = await partFrom(context, 'examine', start, logins)
  return {
    Items: opened.map(({ secret, item }) => ({
      SecretId: arnOf(secret),
      Title: item.title,
      Password: passwordOf(item),
      HasOneTimeCode: secret.facts.hasOneTimeCode,
      Uris: item.uris,
      ChangedAt: secret.changedAt / 1000,
    })),
    ...next,
  }
}

export const exportItems: Handler<'keyhearth:ExportItems'> = async (
  context,
  { Proof, NextToken },
) => {
  if (NextToken === undefined) await askAgain(context, Proof)
  const start = NextToken === undefined ? 0 : takePlace(context, 'export', NextToken)
  const { opened, next } = await partFrom(context, 'export', start, await livingItems(context))
  return {
    Items: opened.map(({ secret, item }) => ({
      SecretId: arnOf(secret),
      Item: writable(item),
      AskAgain: secret.facts.askAgain,
      CreatedAt: secret.createdAt / 1000,
      ChangedAt: secret.changedAt / 1000,
    })),
    ...next,
  }
}
