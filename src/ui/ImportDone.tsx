// ui: what the person sees; speaks the protocol like any other client. This file: what an import brought.

import { CircleCheck, FileDown } from 'lucide'
import { hashOf } from './address.ts'
import { download } from './download.ts'
import { Icon } from './Icon.tsx'
import { Unmappable } from './ImportPlan.tsx'
import { type ImportReport, leaveImport } from './importJob.ts'
import { t } from './words.ts'

export function ImportDone({ report }: { readonly report: ImportReport }) {
  const { plan, imported, replaced, leftOut } = report
  const save = () => {
    const today = new Date().toISOString().slice(0, 10)
    const text = new Blob([reportText(report)], { type: 'text/plain' })
    download(`keyhearth-import-${today}.txt`, text)
  }
  return (
    <>
      <p class="good-words" role="status">
        <Icon of={CircleCheck} />
        {t('import_came', imported)}
      </p>
      {replaced > 0 && <p>{t('import_replaced', replaced)}</p>}
      {leftOut > 0 && <p>{t('import_left_out', leftOut)}</p>}
      <Unmappable all={plan.unmapped} />
      <p class="hint warn">{t('import_delete_file', [plan.fileName])}</p>
      <div class="row">
        <a class="button primary" href={hashOf(['secrets'])} onClick={leaveImport}>
          {t('import_look')}
        </a>
        <button type="button" onClick={save}>
          <Icon of={FileDown} />
          {t('import_save_report')}
        </button>
        <button type="button" class="quiet" onClick={leaveImport}>
          {t('import_another')}
        </button>
      </div>
    </>
  )
}

/** Names, and nothing that is hidden. */
function reportText({ plan, imported, replaced, leftOut }: ImportReport): string {
  return [
    t('import_found', [plan.fileName, plan.format]),
    t('import_came', imported),
    ...(replaced > 0 ? [t('import_replaced', replaced)] : []),
    ...(leftOut > 0 ? [t('import_left_out', leftOut)] : []),
    '',
    ...(plan.unmapped.length === 0
      ? [t('import_lossless')]
      : [t('import_unmapped', plan.unmapped.length)]),
    ...plan.unmapped.map(({ entry, what }) => `- ${entry}: ${what}`),
    '',
  ].join('\n')
}
