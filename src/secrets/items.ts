// secrets: Secrets Manager: secrets, their versions and staging labels. This file: secrets as the person's
// items: read, written and changed by Keyhearth's own screens.

import { type Context, type Handler, NeedsTurn } from '../hsm/context.ts'
import type { Proof } from '../hsm/opening.ts'
import { confirmPerson } from '../hsm/operations.ts'
import { type Item, readSecretString, writeSecretString } from '../items/item.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { Tag, WrittenItem } from '../protocol/secretsOutputs.ts'
import { noteAccess } from './accesses.ts'
import { takeFiles } from './attachments.ts'
import { catalogueOf } from './catalogue.ts'
import { changed, newSecret, withValue } from './changing.ts'
import { stageChanged } from './due.ts'
import { liveSecretFor, secretFor } from './find.ts'
import { byVersionId, current, withStage } from './labels.ts'
import { assertTags, destroy, marked, unmarked } from './operations.ts'
import { arnOf, isGone, isMarked, type SecretRecord, type VersionSummary } from './records.ts'
import { openValue, type SecretValue, sameValue, textValue } from './values.ts'

const trashDays = 30
const dayMs = 86_400_000

/** The person's own words to sort by are tags without a value; others are an AWS client's. */
export const ownTags = (tags: readonly Tag[]): string[] =>
  tags.filter(({ Value }) => Value === '').map(({ Key }) => Key)

export const withOwnTags = (tags: readonly Tag[], own: readonly string[]): readonly Tag[] => [
  ...tags.filter(({ Value }) => Value !== ''),
  ...[...new Set(own)].map((Key) => ({ Key, Value: '' })),
]

/** What a value says as an item. Bytes say nothing: they are shown as base64 by the screens of AWS's clients. */
export function itemOf(secret: SecretRecord, value: SecretValue): Item {
  const { title, favourite } = secret.facts
  const text = value.kind === 'string' ? value.text : ''
  const item = readSecretString(text, { title, tags: ownTags(secret.tags), favourite })
  // Notes were the secret's description in Keyhearth 0.1.
  return item.notes === '' ? { ...item, notes: secret.description } : item
}

export const writable = (item: Item): WrittenItem => ({
  ...item,
  fields: { ...item.fields },
  uris: [...item.uris],
  own: item.own.map((field) => ({ ...field })),
  ...(item.files ? { files: item.files.map((file) => ({ ...file })) } : {}),
  tags: [...item.tags],
})

/**
 * A secret's item, where the person may see it now.
 *
 * @throws KeyhearthError `passphrase-needed` where they want to be asked again, and as `openBy`
 */
export async function itemFor(
  context: Context,
  secretId: string,
  asked: Asked = {},
): Promise<{
  readonly secret: SecretRecord
  readonly item: Item
  readonly version: VersionSummary
}> {
  const { secret, version } = await versionOf(context, secretId, asked)
  return { secret, item: itemOf(secret, await openValue(context, secret, version)), version }
}

interface Asked {
  /** The current one where absent. */
  readonly versionId?: string
  readonly proof?: Proof
}

/** The same, its value not opened. @throws as `itemFor` */
export async function versionOf(
  context: Context,
  secretId: string,
  asked: Asked,
): Promise<{ readonly secret: SecretRecord; readonly version: VersionSummary }> {
  const secret = await secretFor(context, secretId, 'secretsmanager:GetSecretValue')
  if (secret.facts.askAgain) await askAgain(context, asked.proof)
  const version =
    asked.versionId === undefined
      ? withStage(secret.versions, current)
      : byVersionId(secret.versions, asked.versionId)
  if (!version) throw new KeyhearthError('secret-not-found')
  return { secret, version }
}

/** The person shows once more that it is they. @throws KeyhearthError `passphrase-needed`, and as `openBy` */
export async function askAgain(context: Context, proof: Proof | undefined): Promise<void> {
  if (proof === undefined) throw new KeyhearthError('passphrase-needed')
  // A wrong one is counted.
  if (!context.alone) throw new NeedsTurn()
  await confirmPerson(context, proof)
}

export const getItem: Handler<'keyhearth:GetItem'> = async (
  context,
  { SecretId, VersionId, Proof },
) => {
  const { secret, item, version } = await itemFor(context, SecretId, {
    ...(VersionId === undefined ? {} : { versionId: VersionId }),
    ...(Proof === undefined ? {} : { proof: Proof }),
  })
  await noteAccess(context, secret)
  return {
    Item: writable(item),
    SecretId: arnOf(secret),
    VersionId: version.versionId,
    Revision: secret.revision,
    AskAgain: secret.facts.askAgain,
    CreatedAt: secret.createdAt / 1000,
    Versions: secret.versions
      .filter(({ revision }) => revision !== 0)
      .toReversed()
      .map(({ versionId, createdAt, stages }) => ({
        VersionId: versionId,
        CreatedAt: createdAt / 1000,
        Stages: stages,
      })),
  }
}

/** A title as Secrets Manager takes a Name: letters, digits and /_+=.@- (CreateSecret, Name). Pure. */
function nameFrom(title: string): string {
  if (/^[\w/+=.@-]{1,256}$/.test(title)) return title
  const plain = title.normalize('NFKD').replace(/\p{Mark}/gu, '')
  const slug = plain.replace(/[^\w/+=.@-]+/g, '-').replace(/^-+|-+$/g, '')
  return slug.slice(0, 200) || 'secret'
}

/** A name that is not taken: with a number behind it where it would be. */
function freeName(title: string, isTaken: (name: string) => boolean): string {
  const base = nameFrom(title)
  if (!isTaken(base)) return base
  // Doubling, then halving, so that the thousandth of a name does not look at the 999 before it.
  let high = 2
  while (isTaken(`${base}-${high}`)) high *= 2
  let low = Math.max(1, high / 2)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (isTaken(`${base}-${middle}`)) low = middle
    else high = middle
  }
  return `${base}-${high}`
}

/** A new secret for an item; its value is still to be staged. */
export function secretOfItem(
  context: Context,
  item: WrittenItem,
  askAgain: boolean,
  isTaken: (name: string) => boolean,
): SecretRecord {
  const secret = newSecret(context, {
    account: context.account,
    name: freeName(item.title, isTaken),
    tags: withOwnTags([], item.tags),
  })
  const facts = { ...secret.facts, title: item.title, favourite: item.favourite, askAgain }
  return { ...secret, facts }
}

export const putItem: Handler<'keyhearth:PutItem'> = async (context, input) => {
  const value = textValue(writeSecretString(input.Item))
  if (input.SecretId === undefined) return createItem(context, input, value)
  const found = await liveSecretFor(context, input.SecretId, 'secretsmanager:PutSecretValue')
  if (input.Revision !== undefined && input.Revision !== found.revision) {
    throw new KeyhearthError('secret-changed')
  }
  const { title, favourite, tags } = input.Item
  const askAgainNow = input.AskAgain ?? found.facts.askAgain
  // Else whoever sits at an open vault would take the question away, and look.
  if (found.facts.askAgain && !askAgainNow) await askAgain(context, input.Proof)
  const secret = changed(context, found, {
    description: '',
    tags: assertTags(withOwnTags(found.tags, tags)),
    facts: { ...found.facts, title, favourite, askAgain: askAgainNow },
  })
  const present = withStage(found.versions, current)
  const same = present && sameValue(value, await openValue(context, found, present))
  const versionId = same ? present.versionId : crypto.randomUUID()
  const sent = await takeFiles(context, found, input.Item.files ?? [])
  const next = same ? secret : await withValue(context, secret, versionId, value, [current], sent)
  await stageChanged(context, [next])
  return { SecretId: arnOf(next), VersionId: versionId, Revision: next.revision }
}

async function createItem(
  context: Context,
  { Item: item, AskAgain = false }: { readonly Item: WrittenItem; readonly AskAgain?: boolean },
  value: SecretValue,
) {
  const catalogue = await catalogueOf(context)
  const secret = secretOfItem(context, item, AskAgain, (name) => catalogue.hasName(name))
  assertTags(secret.tags)
  context.touch(arnOf(secret))
  const versionId = crypto.randomUUID()
  const sent = await takeFiles(context, secret, item.files ?? [])
  const next = await withValue(context, secret, versionId, value, [current], sent)
  await stageChanged(context, [next])
  return { SecretId: arnOf(next), VersionId: versionId, Revision: next.revision }
}

export const changeItems: Handler<'keyhearth:ChangeItems'> = async (
  context,
  { SecretIds, Change },
) => {
  const found: SecretRecord[] = []
  for (const secretId of new Set(SecretIds)) {
    found.push(await secretFor(context, secretId, 'secretsmanager:UpdateSecret'))
  }
  if (Change.Kind === 'destroy') {
    await destroy(context, found.filter(isMarked))
    return { Changed: found.filter(isMarked).length }
  }
  const next = found
    .filter((secret) => isMarked(secret) === (Change.Kind === 'restore'))
    .map((secret) => changeOne(context, secret, Change))
  await stageChanged(context, next)
  return { Changed: next.length }
}

type OneChange = Exclude<
  Parameters<Handler<'keyhearth:ChangeItems'>>[1]['Change'],
  { readonly Kind: 'destroy' }
>

function changeOne(context: Context, secret: SecretRecord, change: OneChange): SecretRecord {
  const own = ownTags(secret.tags)
  switch (change.Kind) {
    case 'favourite':
      return changed(context, secret, { facts: { ...secret.facts, favourite: change.Favourite } })
    case 'tag':
      return changed(context, secret, {
        tags: assertTags(withOwnTags(secret.tags, [...own, change.Tag])),
      })
    case 'untag':
      return changed(context, secret, {
        tags: withOwnTags(
          secret.tags,
          own.filter((tag) => tag !== change.Tag),
        ),
      })
    case 'delete':
      return marked(context, secret, context.now + trashDays * dayMs)
    case 'restore':
      return unmarked(context, secret)
  }
}

/** The person's items that are not in the trash, in the order of their ids. */
export async function livingItems(context: Context): Promise<SecretRecord[]> {
  const catalogue = await catalogueOf(context)
  return [...catalogue.all()]
    .filter((secret) => !isMarked(secret) && !isGone(secret, context.now))
    .sort((left, right) => (left.id < right.id ? -1 : 1))
}
