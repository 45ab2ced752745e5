/** What a failure is called in the agent's language. */
import type { TFunction } from 'i18next';
import { messageOf } from '../../../base/errors';
import { ApiError } from '../api/http';
import { currentLanguage } from './index';
import { en } from './en';

type FaultCode = keyof typeof en.fault;

const isFaultCode = (code: string): code is FaultCode => Object.hasOwn(en.fault, code);

/** Codes that this page makes itself: no server has words for them. */
const OWN_CODES: readonly string[] = ['unreachable', 'timeout'];

/**
 * The server explains itself in English, often naming the thing at fault: those words for English readers, the meaning
 * of the code for all others.
 */
export const faultText = (error: unknown, t: TFunction): string => {
  if (!(error instanceof ApiError)) return messageOf(error);
  const exact = currentLanguage() === 'en' && !OWN_CODES.includes(error.code);
  if (exact) return error.message;
  return t(`fault.${isFaultCode(error.code) ? error.code : 'internal'}`);
};
