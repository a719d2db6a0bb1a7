using System.Text;
using Slipway.Core;

namespace Slipway.Protocols.Metrics;

/// <summary>Values of the label <c>code</c>: error codes in snake case.</summary>
internal static class ErrorCodeLabels
{
    private static readonly string[] Names = [.. Enum.GetValues<ErrorCode>().Order().Select(static code => SnakeCase(code.ToString()))];

    /// <summary>The label of <paramref name="code"/>, e.g. <c>model_not_found</c>. Always the same instance.</summary>
    public static string Of(ErrorCode code) => (uint)code < (uint)Names.Length ? Names[(int)code] : Names[(int)ErrorCode.Internal];

    private static string SnakeCase(string name)
    {
        StringBuilder text = new();
        foreach (char letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
