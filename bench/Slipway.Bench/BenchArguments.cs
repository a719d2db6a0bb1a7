using System.Globalization;
using Slipway.TestKit;

namespace Slipway.Bench;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchArguments(IReadOnlyList<string> Targets, int Rounds, double Seconds, string Slipway, string Output, string? Store)
{
    /// <summary>Reads the command line; null when it is wrong.</summary>
    public static BenchArguments? Parse(string[] arguments, IEnumerable<string> known)
    {
        string[] names = [.. known];
        List<string> targets = [];
        BenchArguments asked = new(
            targets,
            5,
            3,
            Path.Combine(Repository.Root, "artifacts/bin/Slipway.Cli/release/slipway"),
            Path.Combine(Repository.Root, "bench/results"),
            null);
        for (int i = 0; i < arguments.Length; i++)
        {
            string? value = i + 1 < arguments.Length ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--rounds" when int.TryParse(value, CultureInfo.InvariantCulture, out int rounds) && rounds > 0:
                    asked = asked with { Rounds = rounds };
                    i++;
                    break;
                case "--seconds" when double.TryParse(value, CultureInfo.InvariantCulture, out double seconds) && seconds >= 1:
                    asked = asked with { Seconds = seconds };
                    i++;
                    break;
                case "--slipway" when value is not null:
                    asked = asked with { Slipway = Path.GetFullPath(value) };
                    i++;
                    break;
                case "--output" when value is not null:
                    asked = asked with { Output = Path.GetFullPath(value) };
                    i++;
                    break;
                case "--store" when value is not null:
                    asked = asked with { Store = Path.GetFullPath(value) };
                    i++;
                    break;
                case string name when names.Contains(name, StringComparer.OrdinalIgnoreCase):
                    targets.Add(name.ToUpperInvariant());
                    break;
                default:
                    return null;
            }
        }

        return asked;
    }
}
