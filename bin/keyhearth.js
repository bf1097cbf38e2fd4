#!/usr/bin/env node
// `npx keyhearth`: the program that `npm install` builds out of src/command-line.

import { readFileSync } from 'node:fs'
import { main } from '../.output/command-line/keyhearth.js'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
process.exitCode = await main(process.argv.slice(2), version)
