/** The desk's entry: languages first, then the page. */
import './api/schema-mode';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { DeskApp } from './app';
import { ApiError } from './api/http';
import { startLanguages } from './i18n';
import './theme/tokens.css';

const RETRIES = 2;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: true,
      // Only a server that did not answer is worth a second try; a refusal stays one.
      retry: (failures, error) => error instanceof ApiError && error.code === 'unreachable' && failures < RETRIES,
    },
  },
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id root');

void startLanguages().then(() =>
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <DeskApp />
      </QueryClientProvider>
    </StrictMode>,
  ),
);
