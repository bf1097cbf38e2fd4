// Builds the sample pages (assets/sample) as a web app would be built.

import { resolve } from 'node:path'
import { build } from 'vite'

const folder = resolve('assets/sample')
const pages = ['index.html', 'helper.html', 'aws.html']

/** @returns the folder they are in */
export async function buildSample(outDir: string): Promise<string> {
  await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    define: { global: 'globalThis' },
    build: {
      outDir: resolve(outDir),
      emptyOutDir: true,
      target: 'esnext',
      rolldownOptions: { input: pages.map((page) => resolve(folder, page)) },
    },
  })
  return resolve(outDir)
}
