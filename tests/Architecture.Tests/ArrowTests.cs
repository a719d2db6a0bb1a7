using System.Text.RegularExpressions;
using Slipway.TestKit;

namespace Slipway.Architecture.Tests;

public sealed partial class ArrowTests
{
    // What a room never touches, by the first words of a using line or a fully qualified name.
    private static readonly Dictionary<string, string[]> Forbidden = new()
    {
        ["Slipway.Core"] = ["System.Net", "Microsoft.AspNetCore", "Microsoft.Extensions", "System.Data"],
        ["Slipway.OnnxRuntime"] = ["Microsoft.AspNetCore", "System.Net"],
        ["Slipway.Formats"] = ["Microsoft.AspNetCore", "System.Net", "Slipway.OnnxRuntime"],
        ["Slipway.Keras"] = ["Microsoft.AspNetCore", "System.Net", "Slipway.OnnxRuntime"],
        ["Slipway.Inference"] = ["Microsoft.AspNetCore", "System.Net", "Google.Protobuf"],
        ["Slipway.Mlflow"] = ["Google.Protobuf", "Slipway.Protocols.Grpc", "Slipway.Protocols.OpenInference", "Slipway.Protocols.TensorFlowServing"],
        ["Slipway.Client"] = ["Microsoft.AspNetCore.Builder"],
    };

    [Fact]
    public void Projects_reference_only_the_rooms_that_the_table_allows()
    {
        List<string> wrong = [];
        foreach (string project in Rooms.Projects)
        {
            string room = Path.GetFileNameWithoutExtension(project);
            Assert.True(Rooms.Allowed.ContainsKey(room), $"{room} is not in the table of rooms");
            wrong.AddRange(Rooms.References(project).Where(other => !Rooms.MayReference(room, other)).Select(other => $"{room} -> {other}"));
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Using_lines_name_only_the_rooms_that_the_table_allows()
    {
        string[] rooms = [.. Rooms.Allowed.Keys.OrderByDescending(name => name.Length)];
        List<string> wrong = [];
        foreach (string project in Rooms.Projects)
        {
            string room = Path.GetFileNameWithoutExtension(project);
            foreach (string file in Rooms.Sources(project))
            {
                foreach (Match match in UsingLine().Matches(File.ReadAllText(file)))
                {
                    string name = match.Groups[1].Value;
                    string? other = rooms.FirstOrDefault(candidate => name == candidate || name.StartsWith(candidate + ".", StringComparison.Ordinal));
                    if (other is not null && !Rooms.MayReference(room, other))
                    {
                        wrong.Add($"{Relative(file)}: {name}");
                    }

                    if (Forbidden.TryGetValue(room, out string[]? forbidden)
                        && forbidden.Any(prefix => name == prefix || name.StartsWith(prefix + ".", StringComparison.Ordinal)))
                    {
                        wrong.Add($"{Relative(file)}: {name} is not for {room}");
                    }
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Only_the_native_boundary_is_unsafe()
    {
        string[] rooms = [.. Rooms.Projects
            .Where(project => File.ReadAllText(project).Contains("<AllowUnsafeBlocks>true", StringComparison.Ordinal))
            .Select(project => Path.GetFileNameWithoutExtension(project)!)];
        Assert.Equal(["Slipway.OnnxRuntime"], rooms);
    }

    [Fact]
    public void Folders_of_a_room_do_not_use_each_other_in_a_ring()
    {
        List<string> rings = [];
        foreach (string project in Rooms.Projects)
        {
            string room = Path.GetFileNameWithoutExtension(project);
            Dictionary<string, HashSet<string>> arrows = [];
            foreach (string file in Rooms.Sources(project))
            {
                string text = File.ReadAllText(file);
                string? own = NamespaceLine().Match(text) is { Success: true } line ? line.Groups[1].Value : null;
                if (own is null)
                {
                    continue;
                }

                HashSet<string> targets = arrows.TryGetValue(own, out HashSet<string>? known) ? known : arrows[own] = [];
                targets.UnionWith(UsingLine().Matches(text).Select(match => match.Groups[1].Value)
                    .Where(name => name != own && (name == room || name.StartsWith(room + ".", StringComparison.Ordinal))));
            }

            rings.AddRange(arrows.Keys.Where(start => Reaches(arrows, start)).Select(start => $"{room}: {start}"));
        }

        Assert.Empty(rings);
    }

    [Fact]
    public void No_room_has_a_home_for_nothing()
    {
        Regex names = HomeForNothing();
        Assert.Empty(Rooms.Projects.SelectMany(Rooms.Sources).Where(file => names.IsMatch(Path.GetFileNameWithoutExtension(file))).Select(Relative));
    }

    private static bool Reaches(Dictionary<string, HashSet<string>> arrows, string start)
    {
        Stack<string> open = new(arrows[start]);
        HashSet<string> seen = [];
        while (open.TryPop(out string? next))
        {
            if (next == start)
            {
                return true;
            }

            if (seen.Add(next) && arrows.TryGetValue(next, out HashSet<string>? further))
            {
                foreach (string target in further)
                {
                    open.Push(target);
                }
            }
        }

        return false;
    }

    private static string Relative(string file) => Path.GetRelativePath(Repository.Root, file);

    [GeneratedRegex(@"^\s*(?:global )?using (?:static )?(?:\w+ = )?([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex("(Helper|Helpers|Util|Utils|Utilities|Misc|Common)$")]
    private static partial Regex HomeForNothing();
}
