import type { AnyCall } from '@erato/contracts/kit/call';
import type { Caller } from '@erato/contracts/kit/context';
import { actAsNotAllowed, headerInvalid } from '../problem/failures.js';

type HeaderValue = string | string[] | undefined;

/** `Erato-Act-As: workspace:<id>`; only people act for workspaces, and only where the call says so. */
export function actAsOf(value: HeaderValue, call: AnyCall, caller: Caller): string | undefined {
  if (value === undefined) return undefined;
  if (!call.actAs || caller.subjectType !== 'user') throw actAsNotAllowed();
  const id =
    typeof value === 'string'
      ? /^workspace:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(value)?.[1]
      : undefined;
  if (!id) throw headerInvalid({ detail: 'Erato-Act-As must be workspace: and an id.' });
  return id;
}

/** `Erato-Consistency: <revision>` (authz.md). */
export function consistencyOf(value: HeaderValue): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !/^\d{1,15}$/.test(value)) {
    throw headerInvalid({ detail: 'Erato-Consistency must be a revision.' });
  }
  return Number(value);
}

const noVersion = -1;

/** The versions that If-Match names; a tag of another kind matches none, `*` whatever there is. */
export function ifMatchOf(value: HeaderValue): readonly number[] | undefined {
  if (typeof value !== 'string' || value.trim() === '*') return undefined;
  return value
    .split(',')
    .slice(0, 20)
    .map((tag) => {
      const version = /^\s*"v(\d{1,15})"\s*$/.exec(tag)?.[1];
      return version === undefined ? noVersion : Number(version);
    });
}

const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');

/** If-None-Match compares weakly (RFC 9110, 13.1.2). */
export function etagMatches(value: HeaderValue, etag: string): boolean {
  if (typeof value !== 'string') return false;
  return value.trim() === '*' || value.split(',').some((tag) => opaque(tag) === opaque(etag));
}

/** A W3C traceparent of version 00, or nothing. */
export function traceparentOf(value: HeaderValue): string | undefined {
  return typeof value === 'string' &&
    /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/.test(value)
    ? value
    : undefined;
}
