// ui: what the person sees; speaks the protocol like any other client. This file: what a backup turned out to be: whole
// or not, from when, and how much is in it.

import type { BackupReview } from '../protocol/outputs.ts'
import { dateWords, t } from './words.ts'

export const isWhole = ({ Damaged, TrailIntact }: BackupReview): boolean =>
  Damaged === 0 && TrailIntact

export function BackupReport({ review }: { readonly review: BackupReview }) {
  const { Damaged, TrailIntact } = review
  const counts = [
    [t('backup_secrets'), review.Secrets],
    [t('backup_keys'), review.Keys],
    [t('backup_people'), review.People],
    [t('backup_certificates'), review.Certificates],
    [t('backup_sites'), review.Sites],
    [t('backup_events'), review.Events],
  ] as const
  return (
    <div class="stack">
      <p class={isWhole(review) ? 'good-words' : 'bad-words'} role="status">
        {isWhole(review) && t('backup_whole')}
        {Damaged > 0 && t('backup_is_damaged', [String(Damaged)])}
        {Damaged === 0 && !TrailIntact && t('backup_trail_broken')}
      </p>
      <dl class="facts">
        <dt>{t('backup_made_at')}</dt>
        <dd>{dateWords(review.CreatedAt)}</dd>
        {counts.map(([words, count]) => (
          <>
            <dt>{words}</dt>
            <dd>{count}</dd>
          </>
        ))}
      </dl>
    </div>
  )
}
