namespace Slipway.Security.Origins;

/// <summary>What a browser could do with a request.</summary>
public enum BrowserExposure
{
    /// <summary>Nothing of harm: predictions and reading.</summary>
    None = 0,

    /// <summary>Change the server, on the data plane, where hosts have names that only the network knows.</summary>
    Changes = 1,

    /// <summary>Everything of the control plane, pages included.</summary>
    Pages = 2,
}
