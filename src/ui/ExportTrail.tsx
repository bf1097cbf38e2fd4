// ui: what the person sees; speaks the protocol like any other client. This file: taking a copy of the
// record of activity away, which anybody can check without Keyhearth.

import { Download } from 'lucide'
import { useState } from 'preact/hooks'
import { call } from './call.ts'
import { download } from './download.ts'
import { Icon } from './Icon.tsx'
import { ErrorAlert, say } from './Notices.tsx'
import { useTask } from './task.ts'
import { t } from './words.ts'

/** Page by page; `progress` hears how many lines there are so far. */
async function collect(progress: (lines: number) => void): Promise<{ file: Blob; lines: number }> {
  const parts: string[] = []
  let lines = 0
  let After: number | undefined
  do {
    const page = await call('keyhearth:ExportTrail', {
      Limit: 1000,
      ...(After === undefined ? {} : { After }),
    })
    parts.push(page.Lines)
    lines += page.Lines.split('\n').length - 1
    progress(lines)
    After = page.NextAfter
  } while (After !== undefined)
  return { file: new Blob(parts, { type: 'application/jsonl' }), lines }
}

export function ExportTrail() {
  const [lines, setLines] = useState(0)
  const task = useTask()
  const run = () =>
    task.run(async () => {
      setLines(0)
      const made = await collect(setLines)
      const today = new Date().toISOString().slice(0, 10)
      download(`keyhearth-activity-${today}.jsonl`, made.file)
      say(t('export_done', [String(made.lines)]))
    })
  return (
    <section class="card">
      <h2>{t('export_heading')}</h2>
      <p class="hint">{t('export_hint')}</p>
      <div class="row">
        <button type="button" disabled={task.busy} aria-busy={task.busy} onClick={run}>
          <Icon of={Download} />
          {task.busy ? t('export_busy', [String(lines)]) : t('export_button')}
        </button>
      </div>
      <ErrorAlert error={task.error} />
    </section>
  )
}
