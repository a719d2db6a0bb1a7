using System.Diagnostics.CodeAnalysis;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Slipway.Inference.Configuration;

/// <summary>
/// Reads one YAML document into a <see cref="ConfigNode"/>. Nothing is guessed about types: every scalar is text until a key asks for more.
/// Anchors and aliases work; tags, merge keys and further documents are refused.
/// </summary>
public static class YamlText
{
    /// <summary>Reads a document; an empty one is <see cref="ConfigNodeKind.Null"/>.</summary>
    /// <returns>False, with the problem, when the text is not such a document or passes a limit.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out ConfigNode? root, [NotNullWhen(false)] out ConfigProblem? problem)
    {
        if (text.Length > ConfigLimits.MaxBytes)
        {
            (root, problem) = (null, new ConfigProblem("", $"more than {ConfigLimits.MaxBytes} characters", 0, 0));
            return false;
        }

        try
        {
            (root, problem) = (new Builder(new Parser(new Scanner(new StringReader(text)))).ReadDocument(), null);
            return true;
        }
        catch (RefusedException refused)
        {
            (root, problem) = (null, new ConfigProblem("", refused.Message, (int)refused.Mark.Line, (int)refused.Mark.Column));
            return false;
        }
        catch (YamlException fault)
        {
            (root, problem) = (null, new ConfigProblem("", $"not YAML: {fault.Message}", (int)fault.Start.Line, (int)fault.Start.Column));
            return false;
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or IndexOutOfRangeException or NullReferenceException or FormatException or OverflowException)
        {
            // The parser lets some of its own slips out on text that makes no sense; found by feeding it random text.
            (root, problem) = (null, new ConfigProblem("", "not YAML", 0, 0));
            return false;
        }
    }

    private sealed class Builder(Parser parser)
    {
        private readonly Dictionary<AnchorName, (ConfigNode Node, long Size)> _anchors = [];

        public ConfigNode ReadDocument()
        {
            parser.Consume<StreamStart>();
            if (Take<StreamEnd>() is not null)
            {
                return ConfigNode.Null();
            }

            parser.Consume<DocumentStart>();
            ConfigNode root = Read(0, out _);
            parser.Consume<DocumentEnd>();
            return Take<StreamEnd>() is not null ? root : throw Refuse(parser.Current!, "one document is expected, there is a second");
        }

        private ConfigNode Read(int depth, out long size)
        {
            if (depth > ConfigLimits.MaxDepth)
            {
                throw Refuse(parser.Current!, $"nested more than {ConfigLimits.MaxDepth} deep");
            }

            if (Take<AnchorAlias>() is { } alias)
            {
                // An alias costs what it stands for, so that a few of them can't unfold to billions.
                if (!_anchors.TryGetValue(alias.Value, out (ConfigNode Node, long Size) known))
                {
                    throw Refuse(alias, $"alias '*{alias.Value}' has no finished anchor before it");
                }

                size = known.Size;
                return known.Node;
            }

            if (parser.Current is not NodeEvent start)
            {
                throw Refuse(parser.Current!, "a value is expected");
            }

            if (!start.Tag.IsEmpty && !start.Tag.IsNonSpecific)
            {
                throw Refuse(start, $"tag '{start.Tag}' is not supported");
            }

            ConfigNode node = start switch
            {
                Scalar => ReadScalar(out size),
                SequenceStart => ReadSequence(depth, out size),
                _ => ReadMapping(depth, out size),
            };
            if (!start.Anchor.IsEmpty)
            {
                _anchors[start.Anchor] = (node, size);
            }

            return size <= ConfigLimits.MaxNodes ? node : throw Refuse(start, $"more than {ConfigLimits.MaxNodes} values");
        }

        private ConfigNode ReadScalar(out long size)
        {
            size = 1;
            Scalar scalar = parser.Consume<Scalar>();
            (int line, int column) = ((int)scalar.Start.Line, (int)scalar.Start.Column);
            bool isNull = scalar.Style == ScalarStyle.Plain && (scalar.Value is "" or "~" or "null" or "Null" or "NULL");
            return isNull ? ConfigNode.Null(line, column) : ConfigNode.Scalar(scalar.Value, line, column);
        }

        private ConfigNode ReadSequence(int depth, out long size)
        {
            SequenceStart start = parser.Consume<SequenceStart>();
            List<ConfigNode> items = [];
            size = 1;
            while (Take<SequenceEnd>() is null)
            {
                items.Add(Read(depth + 1, out long part));
                size += part;
            }

            return ConfigNode.Sequence(items, (int)start.Start.Line, (int)start.Start.Column);
        }

        private ConfigNode ReadMapping(int depth, out long size)
        {
            MappingStart start = parser.Consume<MappingStart>();
            List<ConfigField> fields = [];
            HashSet<string> keys = new(StringComparer.Ordinal);
            size = 1;
            while (Take<MappingEnd>() is null)
            {
                Scalar key = Take<Scalar>() ?? throw Refuse(parser.Current!, "a key must be plain text");

                if (!keys.Add(key.Value))
                {
                    throw Refuse(key, $"key '{key.Value}' is given twice");
                }

                fields.Add(new ConfigField(key.Value, Read(depth + 1, out long part), (int)key.Start.Line, (int)key.Start.Column));
                size += part + 1;
            }

            return ConfigNode.Mapping(fields, (int)start.Start.Line, (int)start.Start.Column);
        }

        private T? Take<T>()
            where T : ParsingEvent
        {
            if (parser.Current is null && !parser.MoveNext())
            {
                return null;
            }

            T? taken = parser.Current as T;
            if (taken is not null)
            {
                parser.MoveNext();
            }

            return taken;
        }

        private static RefusedException Refuse(ParsingEvent at, string message) => new(message, at.Start);
    }

    [SuppressMessage("Design", "CA1032", Justification = "never leaves this file")]
    [SuppressMessage("Design", "CA1064", Justification = "never leaves this file")]
    private sealed class RefusedException(string message, Mark mark) : Exception(message)
    {
        public Mark Mark { get; } = mark;
    }
}
