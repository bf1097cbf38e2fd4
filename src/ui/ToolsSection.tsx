// ui: what the person sees; speaks the protocol like any other client. This file: the manager's section "Tools": small
// things that one needs beside keys.

import { hashOf } from './address.ts'
import { Generator } from './Generator.tsx'
import { HashTool } from './HashTool.tsx'
import { RandomTool } from './RandomTool.tsx'
import { t } from './words.ts'

export function ToolsSection() {
  return (
    <>
      <h1 tabIndex={-1}>{t('manager_tools')}</h1>
      <div class="stack roomy">
        <HashTool kind="hash" />
        <HashTool kind="mac" />
        <section class="card" aria-labelledby="tool-password">
          <h2 id="tool-password">{t('tools_password')}</h2>
          <Generator />
        </section>
        <RandomTool />
        <section class="card" aria-labelledby="tool-inspect">
          <h2 id="tool-inspect">{t('tools_inspect')}</h2>
          <p>
            {t('tools_inspect_hint')} <a href={hashOf(['files'])}>{t('tools_inspect_go')}</a>
          </p>
        </section>
      </div>
    </>
  )
}
