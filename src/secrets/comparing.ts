// secrets: Secrets Manager: secrets, their versions and staging labels. This file: which items of a file are there
// already. They are compared here, where values are: what is told is whether, and no value goes out for it.

import type { Context, Handler } from '../hsm/context.ts'
import { identityIn, identityOf, isContained } from '../items/alike.ts'
import type { Item } from '../items/item.ts'
import type { Input } from '../protocol/schemas.ts'
import type { UnreadableItem } from '../protocol/secretsOutputs.ts'
import { Glance } from './blocks.ts'
import { catalogueOf } from './catalogue.ts'
import { unreadable } from './exports.ts'
import { itemOf } from './items.ts'
import { current, withStage } from './labels.ts'
import { arnOf, isGone, type SecretRecord } from './records.ts'
import { openEach } from './values.ts'

/** For whoever has many of one name: the next of an import may want one that none before it took. */
const mostAlike = 20

type Coming = Input<'keyhearth:CompareItems'>['Items'][number]

/** What a secret holds, and held. */
interface Held {
  readonly secretId: string
  readonly askAgain: boolean
  readonly now: Item
  readonly all: readonly Item[]
}

export const compareItems: Handler<'keyhearth:CompareItems'> = async (context, { Items }) => {
  const coming = Items.map((one) => ({ one, identity: identityOf(one.Item) }))
  const secrets = await secretsAlike(context, new Set(coming.map(({ identity }) => identity)))
  const Unreadable: UnreadableItem[] = []
  const held = new Map<string, readonly Held[]>()
  for (const [identity, those] of secrets) {
    held.set(identity, await heldBy(context, those, Unreadable))
  }
  const Found = coming.map(({ one, identity }) => {
    const alike = held.get(identity) ?? []
    const same = alike.find((there) => isThere(one, there))
    return {
      ...(same ? { Same: same.secretId } : {}),
      Alike: alike.slice(0, mostAlike).map(({ secretId }) => secretId),
    }
  })
  return { Found, Unreadable }
}

/** By identity, as lists show it: so that only those are opened that could be meant. */
async function secretsAlike(
  context: Context,
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly SecretRecord[]>> {
  const catalogue = await catalogueOf(context)
  const found = new Map<string, SecretRecord[]>()
  for (const { heads } of catalogue.blocks) {
    for (const head of heads) {
      const glance = new Glance(head)
      if (glance.marked || isGone(glance, context.now)) continue
      const identity = identityIn(glance)
      const secret = wanted.has(identity) ? catalogue.byId(glance.id) : null
      const those = found.get(identity) ?? []
      if (secret) those.push(secret)
      found.set(identity, those)
    }
  }
  return found
}

async function heldBy(
  context: Context,
  secrets: readonly SecretRecord[],
  lost: UnreadableItem[],
): Promise<readonly Held[]> {
  const held: Held[] = []
  for (const secret of secrets) {
    const present = withStage(secret.versions, current)
    if (!present || present.revision === 0) continue
    const others = secret.versions.filter((one) => one !== present && one.revision !== 0)
    const wanted = [present, ...others].map((version) => ({ secret, version }))
    const [value, ...earlier] = await openEach(context, wanted)
    if (!value) {
      lost.push(unreadable(secret))
      continue
    }
    const now = itemOf(secret, value)
    const before = earlier.flatMap((one) => (one ? [itemOf(secret, one)] : []))
    const { askAgain } = secret.facts
    held.push({ secretId: arnOf(secret), askAgain, now, all: [now, ...before] })
  }
  return held
}

const isThere = (
  { Item: item, AskAgain = false, Older = [], Files = [] }: Coming,
  { askAgain, now, all }: Held,
): boolean =>
  (askAgain || !AskAgain) &&
  isContained({ ...item, files: Files.map(({ Name, Size }) => fileOf(Name, Size)) }, now) &&
  Older.every((older) => all.some((one) => isContained(older, one)))

const fileOf = (name: string, size: number) => ({ id: '', name, type: '', size })
