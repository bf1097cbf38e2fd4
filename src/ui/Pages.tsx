// ui: what the person sees; speaks the protocol like any other client. This file: going through a long
// list page by page.

import { ChevronLeft, ChevronRight } from 'lucide'
import { Icon } from './Icon.tsx'
import { t } from './words.ts'

export function Pages({
  page,
  pages,
  onPage,
}: {
  /** From 1. */
  readonly page: number
  readonly pages: number
  readonly onPage: (page: number) => void
}) {
  if (pages <= 1) return null
  return (
    <nav class="pages" aria-label={t('pages_label')}>
      <button type="button" disabled={page <= 1} onClick={() => onPage(page - 1)}>
        <Icon of={ChevronLeft} />
        {t('pages_previous')}
      </button>
      <span>{t('pages_place', [String(page), String(pages)])}</span>
      <button type="button" disabled={page >= pages} onClick={() => onPage(page + 1)}>
        {t('pages_next')}
        <Icon of={ChevronRight} />
      </button>
    </nav>
  )
}
