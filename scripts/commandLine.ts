// Builds `npx keyhearth` (bin/keyhearth.js): src/command-line and all it needs, in one file for Node 20.

import { build } from 'vite'

await build({
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  build: {
    ssr: 'src/command-line/main.ts',
    outDir: '.output/command-line',
    emptyOutDir: true,
    target: 'node20',
    rolldownOptions: { output: { entryFileNames: 'keyhearth.js', codeSplitting: false } },
  },
  ssr: { noExternal: true, target: 'node' },
})
