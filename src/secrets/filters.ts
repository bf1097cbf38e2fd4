// secrets: Secrets Manager: secrets, their versions and staging labels. This file: the filters of ListSecrets
// and BatchGetSecretValue (API reference, Filter). Pure.

import { region } from '../kms/arns.ts'
import type { Input } from '../protocol/schemas.ts'
import type { SecretRecord } from './records.ts'

type Filter = NonNullable<Input<'secretsmanager:ListSecrets'>['Filters']>[number]
type Subject = Pick<SecretRecord, 'name' | 'description' | 'tags'>

/** Every filter must fit; within one, any of its values; `!` before a value turns it round. */
export const matchesFilters = (secret: Subject, filters: readonly Filter[]): boolean =>
  filters.every(({ Key = 'all', Values = [] }) => matchesAny(secret, Key, Values))

function matchesAny(secret: Subject, key: NonNullable<Filter['Key']>, values: readonly string[]) {
  const wanted = values.filter((value) => !value.startsWith('!'))
  const unwanted = values.filter((value) => value.startsWith('!')).map((value) => value.slice(1))
  const fits = (value: string) => matches(secret, key, value)
  return (wanted.length === 0 || wanted.some(fits)) && !unwanted.some(fits)
}

function matches(
  { name, description, tags }: Subject,
  key: NonNullable<Filter['Key']>,
  value: string,
): boolean {
  switch (key) {
    case 'name':
      return name.startsWith(value)
    case 'description':
      return description.toLowerCase().startsWith(value.toLowerCase())
    case 'tag-key':
      return tags.some(({ Key }) => Key.startsWith(value))
    case 'tag-value':
      return tags.some(({ Value }) => Value.startsWith(value))
    case 'primary-region':
      return region.startsWith(value)
    case 'owning-service':
      return false
    case 'all':
      return matchesWords([name, description, ...tags.flatMap(Object.values)], value)
  }
}

/** Words of the value, each somewhere among the words of the attributes, whatever their case. */
function matchesWords(attributes: readonly string[], value: string): boolean {
  const words = (text: string) =>
    text
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter(Boolean)
  const there = attributes.flatMap(words)
  return words(value).every((word) => there.some((one) => one.startsWith(word)))
}
