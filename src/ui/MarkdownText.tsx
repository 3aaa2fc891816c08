import DOMPurify from 'dompurify'
import { Marked } from 'marked'
import { useMemo } from 'react'
import classes from './Markdown.module.css'

const marked = new Marked({ gfm: true, breaks: true, async: false })

/**
 * What instructions need and nothing else: no scripts, styles, forms or frames, no ids or classes that could pass for
 * ours. Pictures are limited to this server and data: by the page's content security policy.
 */
const allowed = {
  ALLOWED_TAGS: [
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'p', 'br', 'hr', 'blockquote', 'pre', 'code', 'strong', 'em', 'del', 'a'],
    ...['ul', 'ol', 'li', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'img', 'input', 'kbd', 'sub', 'sup'],
  ],
  ALLOWED_ATTR: ['href', 'src', 'alt', 'title', 'align', 'start', 'type', 'checked', 'disabled'],
  ALLOW_DATA_ATTR: false,
}

/** Only list boxes of ours, which cannot be pressed; links open beside the work. */
const tidy = (fragment: DocumentFragment): void => {
  for (const box of fragment.querySelectorAll('input')) {
    box.type = 'checkbox'
    box.disabled = true
  }
  for (const link of fragment.querySelectorAll('a')) {
    link.target = '_blank'
    link.rel = 'noopener noreferrer'
  }
}

/** Markdown as HTML that is safe to insert: it cannot run scripts, submit or style anything. */
export function safeHtml(markdown: string): string {
  const fragment = DOMPurify.sanitize(marked.parse(markdown) as string, { ...allowed, RETURN_DOM_FRAGMENT: true })
  tidy(fragment)
  const root = document.createElement('div')
  root.append(fragment)
  return root.innerHTML
}

export function MarkdownText({ children }: { children: string }) {
  const html = useMemo(() => safeHtml(children), [children])
  // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitized just above
  return <div className={classes.text} dangerouslySetInnerHTML={{ __html: html }} />
}
