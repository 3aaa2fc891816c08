import { Button, FileButton, Select, Skeleton, Switch, TextInput } from '@mantine/core'
import { Search } from 'lucide-react'
import { useState } from 'react'
import { useStore } from 'zustand'
import { type Command, scopeNames } from '#app/command.ts'
import { commands } from '#app/commands.ts'
import { count, messageOf } from '#app/messages.ts'
import { enterSubmits, setEnterSubmits } from '#app/work/enterSubmits.ts'
import { digitRenames, setDigitRenames } from '#app/workspace/concepts/digitRenames.ts'
import { EmptyState } from '#ui/EmptyState.tsx'
import { Page } from '#ui/Page.tsx'
import { failureToast } from '#ui/toast.tsx'
import { usePageTitle } from '#ui/usePageTitle.ts'
import { CommandKeys } from './CommandKeys.tsx'
import { groupsOf } from './groups.ts'
import classes from './KeysPage.module.css'
import { type Keymap, keymapText, parseKeymap, rebound, reset } from './keymap.ts'
import { keyStore } from './keyStore.ts'
import { type PresetId, presets } from './presets.ts'
import { useTakeKeys } from './useTakeKeys.ts'

/** Every command with its keys: found, changed, taken back; the keys of other tools; to and from a file. */
export function KeysPage() {
  usePageTitle('Keyboard shortcuts')
  const { keymap, commands: bound, loaded } = useStore(keyStore)
  const [typed, setTyped] = useState('')
  const submits = useStore(enterSubmits, ({ on }) => on)
  const renames = useStore(digitRenames, ({ on }) => on)
  const keep = useTakeKeys()
  const groups = loaded ? groupsOf(bound, typed) : []
  const preset = presets[keymap.preset]
  const changed = Object.keys(keymap.own).length
  const choose = (id: PresetId) => keep({ version: 1, preset: id, own: {} }, `Keys of ${presets[id].name}`)
  return (
    <Page
      title="Keyboard shortcuts"
      hint="They go with you to every browser you sign in from. Two commands never share a key at the same moment."
      actions={loaded && <FileActions keymap={keymap} onImport={(next) => keep(next, 'Keys imported')} />}
    >
      <div className={classes.bar}>
        <TextInput
          aria-label="Search commands"
          placeholder="Search by name or key"
          leftSection={<Search size={14} aria-hidden />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          className={classes.search}
        />
        <Select
          aria-label="Keys of"
          data={Object.entries(presets).map(([value, { name }]) => ({ value, label: `Keys of ${name}` }))}
          value={keymap.preset}
          disabled={!loaded}
          allowDeselect={false}
          onChange={(value) => value && choose(value as PresetId)}
          w={200}
        />
        <Button
          variant="default"
          disabled={changed === 0}
          onClick={() => keep({ ...keymap, own: {} }, `All keys are those of ${preset.name} again`)}
        >
          Reset all
        </Button>
      </div>
      <p className={classes.about}>
        {preset.about} {changed > 0 && <b>{count(changed, 'command')} changed by you.</b>}
      </p>
      <Switch
        className={classes.enter}
        size="xs"
        label="Enter submits assigned work when nothing is selected or drawn (Ctrl+Enter always does)"
        checked={submits}
        onChange={(event) => setEnterSubmits(event.currentTarget.checked)}
      />
      <Switch
        className={classes.enter}
        size="xs"
        label="A digit pressed after drawing also renames what was just drawn (off: it chooses what comes next)"
        checked={renames}
        onChange={(event) => setDigitRenames(event.currentTarget.checked)}
      />
      {!loaded && <Skeleton height={240} mt="md" />}
      {loaded && groups.length === 0 && (
        <EmptyState
          title={`No command matches “${typed}”`}
          action={
            <Button variant="default" onClick={() => setTyped('')}>
              Clear the search
            </Button>
          }
        />
      )}
      {groups.map(({ title, commands: members }) => (
        <section key={title} aria-label={title} className={classes.group}>
          <h2 className={classes.groupTitle}>{title}</h2>
          <ul className={classes.list}>
            {members.map((command) => (
              <li key={command.id} className={classes.row}>
                <span className={classes.name}>
                  {command.title}
                  <span className={classes.scope}>{scopeText(command)}</span>
                </span>
                <CommandKeys
                  command={command}
                  changed={keymap.own[command.id] !== undefined}
                  onKeys={(keys) =>
                    keep(rebound(commands, keymap, command.id, keys), `Keys of “${command.title}” changed`)
                  }
                  onReset={() =>
                    keep(reset(commands, keymap, command.id), `“${command.title}” has its standard keys again`)
                  }
                />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Page>
  )
}

/** Where the keys hold; nothing where it goes without saying. */
const scopeText = ({ scope, held, title }: Command): string =>
  held
    ? 'for as long as it is held'
    : scope === 'image' || scope === 'everywhere' || title.includes(scopeNames[scope])
      ? ''
      : scopeNames[scope]

function FileActions({ keymap, onImport }: { keymap: Keymap; onImport: (keymap: Keymap) => void }) {
  const read = async (file: File | null) => {
    if (!file) return
    try {
      onImport(parseKeymap(await file.text(), commands))
    } catch (error) {
      failureToast(`${file.name} was not imported`, error instanceof RangeError ? error.message : messageOf(error))
    }
  }
  return (
    <>
      <FileButton onChange={(file) => void read(file)} accept="application/json,.json">
        {(props) => (
          <Button variant="default" {...props}>
            Import
          </Button>
        )}
      </FileButton>
      <Button variant="default" onClick={() => download(keymapText(keymap))}>
        Export
      </Button>
    </>
  )
}

function download(text: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  link.download = 'marquee-keys.json'
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
