namespace Slipway.Registry.Database;

/// <summary>What a write transaction is for; decides how it is ordered against others and when it is durable.</summary>
public enum WriteScope
{
    /// <summary>
    /// Changes of models, versions, aliases and artifacts. One at a time in the whole store, so that events come in the order of their sequence and checks of blobs hold until the
    /// commit; durable when committed.
    /// </summary>
    Registry,

    /// <summary>Changes of experiments, runs and logged models. May run beside others that touch other runs; a loss of power may take the last moments, a killed process takes nothing.</summary>
    Tracking,
}
