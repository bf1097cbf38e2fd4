// UTS 39: names that look the same in different letters.

import { expect, test } from 'vitest'
import { lookAlike, mixesScripts } from '../../src/codec/lookAlike.ts'

test.each([
  ['Cyrillic а', 'Anna Berg', 'Аnnа Веrg'],
  ['all in Cyrillic', 'Poppe Caxe', 'Рорре Сахе'],
  ['Greek omicron and Rho', 'Robert Oom', 'Rοbert Οοm'],
  ['the digit for the letter', 'Olga Ills', '0lga I11s'],
  ['full width', 'Anna', 'Ａｎｎａ'],
  ['mathematical letters', 'Anna', '𝐀𝗇𝘯𝚊'],
  ['a dotless i', 'Nina', 'Nına'],
  ['two letters for one', 'Tom Warm', 'Tom VVarrn'],
  ['a mark that is not drawn', 'Anna', 'An\u034fna'],
  ['a filler', 'Anna', 'Anna\u3164'],
  ['an accent', 'Jose Nunez', 'José Núñez'],
  ['another apostrophe', "O'Hara", 'OʼHara'],
  ['other spaces', 'Anna Berg', 'Anna\u00a0Berg'],
  ['another case', 'anna berg', 'ANNA BERG'],
  ['Armenian', 'Simon', 'Simօn'],
  ['Cherokee', 'ABE', 'ᎪᏴᎬ'],
])('%s: alike', (_how, one, other) => {
  expect(one).not.toBe(other)
  expect(lookAlike(one, other)).toBe(true)
})

test.each([
  ['Anna', 'Anne'],
  ['Вера', 'Bepo'],
  ['Иван', 'Ivan'],
  ['Наталья', 'Natalia'],
  ['Μαρία', 'Maria Lopez'],
  ['李', '季'],
  ['Tom', 'Tim'],
])('%s and %s differ', (one, other) => {
  expect(lookAlike(one, other)).toBe(false)
})

test.each([
  ['Аnna', true],
  ['Anna Иванова', false],
  ['Анна Иванова', false],
  ['Anna-Иванова', false],
  ['Rοbert', true],
  ['東京タワー', false],
  ['ABC株式会社', false],
  ['김Anna', false],
  ['O’Hara 2', false],
  ['Μαρία', false],
])('%s mixes scripts in a word: %s', (name, mixes) => {
  expect(mixesScripts(name)).toBe(mixes)
})
