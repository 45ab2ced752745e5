/** The mark: a patch cord between two jacks, in the shape of an S. */
interface LogoProps {
  readonly size?: number;
}

export const Logo = ({ size = 32 }: LogoProps) => (
  <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <rect width="32" height="32" rx="8" fill="#0e7c7b" />
    <path
      d="M22 10.5c0-2.6-2.4-4-6-4s-6 1.5-6 4.4c0 6.6 12 3.6 12 10.2 0 2.9-2.4 4.4-6 4.4s-6-1.4-6-4"
      fill="none"
      stroke="#fff"
      strokeWidth="2.6"
      strokeLinecap="round"
    />
    <circle cx="22" cy="10.5" r="2.6" fill="#f5b83d" />
    <circle cx="10" cy="21.5" r="2.6" fill="#f5b83d" />
  </svg>
);
