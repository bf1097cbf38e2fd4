// ui: what the person sees; speaks the protocol like any other client. This file: the generator by itself, in the
// popup, and the offer to keep what it made.

import type { WebPage } from './activePage.ts'
import { Generator } from './Generator.tsx'
import { t } from './words.ts'

export function GeneratorView({
  page,
  onKeep,
}: {
  readonly page: WebPage | null
  readonly onKeep: (password: string) => void
}) {
  const keepWords = page ? t('generator_keep_for', [new URL(page.url).host]) : t('generator_keep')
  return (
    <>
      <h2>{t('generator')}</h2>
      <Generator
        after={(text) => (
          <button type="button" onClick={() => onKeep(text)}>
            {keepWords}
          </button>
        )}
      />
    </>
  )
}
