//! Throwaway database servers.
