namespace Slipway.Server.Trust;

/// <summary>A request whose caller asked for a receipt: flows with it through everything that it calls.</summary>
internal sealed class ReceiptScope
{
    private static readonly AsyncLocal<ReceiptScope?> Flowing = new();

    /// <summary>The request that runs now, when it asked; null otherwise.</summary>
    public static ReceiptScope? Current
    {
        get => Flowing.Value;
        set => Flowing.Value = value;
    }

    /// <summary>The signed receipt; null until there is an answer.</summary>
    public byte[]? Receipt { get; set; }
}
