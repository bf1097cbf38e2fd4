// ui: what the person sees; speaks the protocol like any other client. This file: what is wrong with a typed
// encryption context, in words.

import type { ContextProblem } from './contextInput.ts'
import { t } from './words.ts'

export const contextProblemWords = (problem: ContextProblem, key: string): string =>
  ({
    'key-missing': t('context_key_missing'),
    'key-twice': t('context_key_twice', [key]),
    'key-reserved': t('context_key_reserved', [key]),
  })[problem]
