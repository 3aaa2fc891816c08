import { Button } from '@mantine/core'
import { Send } from 'lucide-react'
import { useApp } from '#app/appContext.tsx'
import { Hint } from '#app/workspace/Hint.tsx'
import type { InputSession } from '#app/workspace/session/session.ts'
import { useSaysNothing } from './nothingSaid.ts'
import classes from './WorkBar.module.css'
import type { SubmitWords } from './workWords.ts'

interface Props {
  session: InputSession
  task: string
  words: SubmitWords
  onSubmit: () => void
}

/** What Submit will do is written on it; by itself, since it changes while one draws. */
export function SubmitButton({ session, task, words, onSubmit }: Props) {
  const { person } = useApp()
  const nothing = useSaysNothing(session, task, person.id)
  return (
    <Hint command="work.submit" label={words.detail}>
      <Button
        size="xs"
        leftSection={<Send size={14} aria-hidden />}
        onClick={onSubmit}
        aria-label="Submit"
        aria-description={`to ${words.text}. ${nothing ? 'It says that there is nothing here. ' : ''}${words.detail}`}
      >
        <span className={classes.to} data-to={`${nothing ? ': nothing here' : ''} → ${words.text}`}>
          Submit
        </span>
      </Button>
    </Hint>
  )
}
